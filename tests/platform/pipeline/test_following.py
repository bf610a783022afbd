"""Projects follow their installation and repository; what may not be built any more ends, and what was missed comes."""

import json

import pytest

from battleshiper.platform.bus.port import GiveUpError, RetryLaterError
from battleshiper.platform.model.access import Grant, RepositoryFacts
from battleshiper.platform.model.deployment import Commit, Deployment, Environment, Origin, State
from battleshiper.platform.model.event import Event, EventType
from battleshiper.platform.model.project import Access, Installation, Standing
from battleshiper.platform.pipeline.operations import OperationRefusedError
from battleshiper.platform.pipeline.requests import follow_request
from battleshiper.platform.source.port import Head, Repository
from battleshiper.platform.store.port import NewDeployment
from battleshiper.platform.tickets.ticket import Requester
from tests.platform.pipeline.conftest import REPOSITORY_ID, World

A, B = "a" * 40, "b" * 40
TAKE_REQUESTS = "DELETE FROM events WHERE type = ? RETURNING id, detail"


def installed(standing: Standing, told_at: int = 1_000) -> Installation:
    """Return the project's installation in a standing."""
    return Installation(1, 2, "me", standing, told_at)


def follow(world: World, *, is_back: bool = False) -> None:
    """Let the installation's projects follow, with all that the init step asks of itself then."""
    world.preparation.prepare(follow_request(world.mint, 1, is_back=is_back, source=Requester.WEBHOOK, user=3))
    for request in requests(world):
        world.preparation.prepare(request)


def requests(world: World) -> list[Event]:
    """Take what the init step is asked for from the bus."""
    values = (EventType.INIT.value,)
    rows = world.database.write(lambda connection: connection.execute(TAKE_REQUESTS, values).fetchall())
    return [Event(EventType.INIT, json.loads(detail), id=event_id) for event_id, detail in rows]


def waiting(world: World) -> Deployment:
    """Create a deployment that waits for an approval."""
    commit = Commit(B, "refs/pull/7/head")
    state = State.AWAITING_APPROVAL
    new = NewDeployment("waits", world.project().id, commit, Environment.PREVIEW, Origin.PULL_REQUEST, state)
    return world.store.create_deployment(new)


@pytest.mark.parametrize("standing", [Standing.GONE, Standing.SUSPENDED])
def test_what_is_unfinished_ends(world, standing: Standing) -> None:
    """Builds and what waits are canceled with the reason, and jobs with them; the live site stays."""
    live = world.deploy()
    building, queued, asking = world.build(B, "next"), world.push(B, "other")[0], waiting(world)
    world.tell(installations=[installed(standing)])
    follow(world)
    said = {Standing.GONE: "The App was uninstalled from me.", Standing.SUSPENDED: "The App is suspended on me."}
    for deployment in (building, queued, asking):
        after = world.store.deployment(deployment.id)
        assert (after.state, after.reason) == (State.CANCELED, said[standing])
        assert world.builder.canceled[deployment.id] == said[standing]
    assert world.shown("site") == live.id
    assert world.routes.get("site") is not None


def test_other_projects_go_on(world) -> None:
    """An installation is nobody's but its projects'."""
    building = world.build()
    world.tell(installations=[Installation(9, 2, "you", Standing.GONE, 1_000)])
    world.preparation.prepare(follow_request(world.mint, 9, is_back=False, source=Requester.WEBHOOK, user=3))
    assert world.store.deployment(building.id).state is State.BUILDING


def test_what_was_missed_is_deployed(world) -> None:
    """When a suspension ends, the head that GitHub has now is built, once."""
    world.deploy()
    world.tell(installations=[installed(Standing.SUSPENDED)])
    follow(world)
    world.source.repositories[REPOSITORY_ID] = Repository("me/site", "main", Head(B, "Second", "me"), 2_000)
    world.tell(installations=[installed(Standing.ACTIVE)])
    follow(world, is_back=True)
    follow(world, is_back=True)
    newest, before = world.store.deployments()
    assert (newest.origin, newest.state, newest.commit.sha) == (Origin.MISSED, State.QUEUED, B)
    assert before.commit.sha == A


def test_nothing_was_missed(world) -> None:
    """A head that is deployed is not built again."""
    world.deploy()
    follow(world, is_back=True)
    assert len(world.store.deployments()) == 1


def test_a_repository_that_is_read_again(world) -> None:
    """GitHub's answer counts more than what is known, when it says that the App may read it: it is built again, by the
    installation that can."""
    project = world.project()
    world.tell(installations=[installed(Standing.GONE)])
    follow(world)
    assert world.project().access is Access.UNINSTALLED
    world.preparation.prepare(world.look("", installation_id=5))
    after = world.project()
    assert (after.id, after.installation_id, after.access) == (project.id, 5, Access.GRANTED)
    assert [deployment.origin for deployment in world.store.deployments()] == [Origin.INITIAL]


def test_a_suspension_whose_end_was_not_heard(world) -> None:
    """GitHub answers the installation, so that may act."""
    world.project()
    world.tell(installations=[installed(Standing.SUSPENDED)])
    follow(world)
    assert world.project().access is Access.SUSPENDED
    world.preparation.prepare(world.look())
    assert world.project().access is Access.GRANTED
    assert len(world.store.deployments()) == 1


def test_a_repository_that_is_read_no_more(world) -> None:
    """Where GitHub refuses for good what should be, the project is marked and its builds end."""
    building = world.build()
    del world.source.repositories[REPOSITORY_ID]
    with pytest.raises(GiveUpError):
        world.preparation.prepare(world.look())
    assert world.project().access is Access.REMOVED
    assert world.store.deployment(building.id).state is State.CANCELED


def test_a_refusal_that_was_to_be_expected(world) -> None:
    """Nobody is told twice that a repository was taken away."""
    world.project()
    del world.source.repositories[REPOSITORY_ID]
    world.tell(grants=[Grant(REPOSITORY_ID, 1, is_given=False, told_at=1_000)])
    world.preparation.prepare(world.look(""))
    assert world.project().access is Access.REMOVED


def test_builds_end_while_github_is_down(world) -> None:
    """What was told needs no answer."""
    building = world.build()
    world.tell(grants=[Grant(REPOSITORY_ID, 1, is_given=False, told_at=1_000)])
    world.source.down = True
    with pytest.raises(RetryLaterError):
        world.preparation.prepare(world.look(""))
    assert world.store.deployment(building.id).state is State.CANCELED


def test_an_archived_repository(world) -> None:
    """It is not built, and its head is when it is archived no more."""
    world.source.repositories[REPOSITORY_ID] = Repository("me/site", "main", Head(B, "", ""), 2_000, is_archived=True)
    world.preparation.prepare(world.look())
    assert (world.project().access, world.store.deployments()) == (Access.ARCHIVED, [])
    world.source.repositories[REPOSITORY_ID] = Repository("me/site", "main", Head(B, "", ""), 2_000)
    world.preparation.prepare(world.look())
    assert [deployment.commit.sha for deployment in world.store.deployments()] == [B]


def test_a_new_default_branch(world) -> None:
    """It is production from now on, its head is deployed, and the live site stays until that is ready."""
    live = world.deploy()
    world.tell(repositories=[RepositoryFacts(REPOSITORY_ID, "me/renamed", "trunk", False, False, told_at=1_000)])
    world.source.repositories[REPOSITORY_ID] = Repository("me/renamed", "trunk", Head(B, "", ""), 2_000)
    world.preparation.prepare(world.look())
    project = world.project()
    assert (project.repository, project.production_branch, project.name) == ("me/renamed", "trunk", "site")
    newest = world.store.deployments()[0]
    assert (newest.commit.branch, newest.environment) == ("trunk", Environment.PRODUCTION)
    assert world.shown("site") == live.id


def test_a_redeploy_is_refused(world) -> None:
    """With the reason; a rollback needs no build and goes on."""
    first, _second = world.deploy(), world.deploy(B)
    world.tell(installations=[installed(Standing.SUSPENDED)])
    follow(world)
    with pytest.raises(OperationRefusedError, match="The App is suspended on me"):
        world.operations.redeploy("site")
    assert world.operations.rollback("site").after.id == first.id
