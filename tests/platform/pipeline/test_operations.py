"""What people may do: roll back, promote, redeploy, cancel, delete."""

import pytest

from battleshiper.platform.model.deployment import Origin, State
from battleshiper.platform.model.event import EventType
from battleshiper.platform.model.pull_request import PullRequest
from battleshiper.platform.pipeline.operations import OperationRefusedError
from tests.platform.pipeline.conftest import REPOSITORY_ID

A, B, C = "a" * 40, "b" * 40, "c" * 40


def test_rollback(world) -> None:
    """A rollback shows the production deployment before the present one, and the next one the one before that."""
    first, second, third = world.deploy(A), world.deploy(B), world.deploy(C)
    assert world.operations.rollback("site").after.id == second.id
    assert world.operations.rollback("site").after.id == first.id
    assert world.shown("site") == first.id
    with pytest.raises(OperationRefusedError, match="no earlier"):
        world.operations.rollback("site")
    assert world.operations.rollback("site", third.id).after.id == third.id


def test_rollback_changes_what_the_edge_reads(world) -> None:
    """The route follows the alias."""
    world.deploy(A)
    before = world.routes.get("site")
    world.deploy(B)
    world.operations.rollback("site")
    assert world.routes.get("site") == before


def test_push_after_rollback_goes_live(world) -> None:
    """A rollback does not hold back what is pushed after it."""
    world.deploy(A)
    world.deploy(B)
    world.operations.rollback("site")
    third = world.deploy(C)
    assert world.shown("site") == third.id


def test_late_build_does_not_undo_a_rollback(world) -> None:
    """What is older than anything that was live does not go live by itself, even after a rollback."""
    world.deploy(A)
    late = world.build(B)
    world.upload(late, {"client/index.html": b"late"})
    newest, request = world.push(C, "main")
    world.builder.jobs[newest.id] = world.builder.jobs[late.id].__class__(
        newest.id, newest.project_id, 2, request.detail["deploy_ticket"], 1, 1
    )
    world.claims.spend(world.claims.issue(newest.id))
    world.upload(newest, {"client/index.html": b"newest"})
    world.deploying.deploy(world.end(newest))
    first = world.operations.rollback("site").after
    world.deploying.deploy(world.end(late))
    assert world.shown("site") == first.id


def test_previews_are_not_rolled_back_to(world) -> None:
    """A rollback passes previews over."""
    first = world.deploy(A)
    world.deploy(B, "feature")
    world.deploy(C)
    assert world.operations.rollback("site").after.id == first.id


def test_promote_a_preview(world) -> None:
    """Any ready deployment of the project can become the production site."""
    world.deploy(A)
    preview = world.deploy(B, "feature")
    world.operations.promote("site", preview.id)
    assert world.shown("site") == preview.id


def test_promote_what_is_not_ready(world) -> None:
    """What is not ready cannot be shown, and the refusal says what it is."""
    world.deploy(A)
    building = world.build(B)
    with pytest.raises(OperationRefusedError, match="is building"):
        world.operations.promote("site", building.id)


@pytest.mark.parametrize("operation", ["rollback", "redeploy"])
def test_unknown_names(world, operation: str) -> None:
    """Unknown projects and deployments are named, with the command that lists them."""
    with pytest.raises(OperationRefusedError, match="battleshiper projects"):
        getattr(world.operations, operation)("nothing")
    world.deploy(A)
    with pytest.raises(OperationRefusedError, match="battleshiper deployments site"):
        getattr(world.operations, operation)("site", "nothing")


def test_redeploy(world) -> None:
    """A redeploy is a new deployment of the same commit, with an event that builds it."""
    first = world.deploy(A)
    again = world.operations.redeploy("site")
    assert (again.commit, again.origin, again.state) == (first.commit, Origin.REDEPLOY, State.QUEUED)
    assert again.number > first.number
    assert world.bus.pending() > 0


def test_redeploy_builds_what_was_skipped(world) -> None:
    """Named or the latest, a skipped commit is built when somebody asks for it, and goes live."""
    world.deploy(A)
    skipped, _ = world.push(B)
    world.store.advance(skipped, State.SKIPPED)
    for named in (None, skipped.id):
        again = world.operations.redeploy("site", named)
        assert (again.commit, again.origin, again.state) == (skipped.commit, Origin.REDEPLOY, State.QUEUED)


def test_cancel(world) -> None:
    """A building deployment can be canceled; a finished one cannot."""
    building = world.build(A)
    assert world.operations.cancel("site", building.id).state is State.CANCELED
    assert building.id in world.builder.canceled
    with pytest.raises(OperationRefusedError, match="cannot be canceled"):
        world.operations.cancel("site", building.id)


def test_a_rollback_undoes_a_promotion(world) -> None:
    """Production shows again what it showed before, also where that was gone back to."""
    first = world.deploy(A)
    world.deploy(B)
    world.operations.rollback("site")
    preview = world.deploy(C, "next")
    world.operations.promote("site", preview.id)
    assert world.shown("site") == preview.id
    assert world.operations.rollback("site").after.id == first.id


def test_comparisons_are_made_again(world) -> None:
    """Where production shows something else, the comments of open pull requests with a preview are looked at."""
    for number, (branch, is_open) in enumerate([("next", True), ("closed", False), ("unbuilt", True)], 1):
        world.tell(pulls=[PullRequest(REPOSITORY_ID, number, branch, C, is_open, 100)])
        if branch != "unbuilt":
            world.deploy(f"{number}" * 40, branch)
    world.deploy(A)
    world.deploy(B)
    before = count(world)
    world.operations.rollback("site")
    assert count(world) == before + 1


def count(world) -> int:
    """Return how many events ask to look at a pull request's comment."""
    query = "SELECT count(*) FROM events WHERE type = ?"
    found = world.database.read(lambda connection: connection.execute(query, (EventType.PULL_CHANGED,)).fetchone())
    return int(found[0])
