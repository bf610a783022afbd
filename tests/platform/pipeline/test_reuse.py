"""What was built before is not built again."""

from datetime import timedelta

import pytest

from battleshiper.platform.model.deployment import Commit, Deployment, Environment, Origin, State
from battleshiper.platform.model.identifier import new_identifier
from battleshiper.platform.model.route import site_key
from battleshiper.platform.pipeline.requests import build_request
from battleshiper.platform.store.port import NewDeployment
from battleshiper.platform.tickets.ticket import Requester

A, B, C = "a" * 40, "b" * 40, "c" * 40
TREE, OTHER = "1" * 40, "2" * 40
OUTSIDE = "refs/pull/7/head"


def start(world, sha: str, branch: str, tree: str = TREE, origin: Origin = Origin.PUSH) -> Deployment:
    """Push a commit and take the build step."""
    environment = Environment.PRODUCTION if branch == "main" else Environment.PREVIEW
    commit = Commit(sha, branch, tree=tree)
    new = NewDeployment(new_identifier(), world.project().id, commit, environment, origin)
    world.store.create_deployment(new)
    world.building.build(build_request(world.mint, new.project_id, new.id, source=Requester.WEBHOOK, user=3))
    return world.store.deployment(new.id)


def finish(world, deployment: Deployment, *, is_portable: bool = True) -> Deployment:
    """Let its job end well."""
    world.claims.spend(world.claims.issue(deployment.id))
    files = {"client/index.html": b"page", "function.zip": b"a package"}
    world.upload(world.store.deployment(deployment.id), files, is_portable=is_portable, spa_fallback="index.html")
    world.deploying.deploy(world.end(deployment))
    return world.store.deployment(deployment.id)


def deploy(world, sha: str, branch: str, **more) -> Deployment:
    """Build a commit all the way."""
    return finish(world, start(world, sha, branch, **more))


def test_a_merge_needs_no_build(world) -> None:
    """Production is live with the files and the function of the preview, under its own deployment, and says so."""
    deploy(world, A, "main", tree=OTHER)
    preview = deploy(world, B, "next")
    merged = start(world, C, "main")
    assert merged.id not in world.builder.jobs
    (asked,) = world.published
    world.deploying.deploy(asked)
    live = world.store.deployment(merged.id)
    assert (live.state, live.reason) == (
        State.READY,
        f"Same files as {preview.id} (bbbbbbb): its build is used.",
    )
    assert world.shown("site") == live.id
    assert world.objects.read(site_key(live.project_id, live.id, "client/index.html")) == b"page"
    assert live.function is not None
    assert live.function != preview.function
    assert '"fallback"' in (world.routes.get("site") or "")


def test_it_outlives_what_it_was_made_of(world) -> None:
    """Each has its own copy: what expires takes nothing from the other."""
    preview = deploy(world, B, "next")
    live = start(world, C, "main")
    world.deploying.deploy(world.published[0])
    world.now += timedelta(days=400)
    world.expiry.expire()
    assert world.store.deployment(preview.id).expired_at is not None
    assert world.objects.read(site_key(live.project_id, live.id, "client/index.html")) == b"page"
    again = start(world, "d" * 40, "other")
    assert again.id not in world.builder.jobs
    world.deploying.deploy(world.published[1])
    assert live.id in world.store.deployment(again.id).reason


def test_a_project_with_variables_is_built(world) -> None:
    """What its build is told may be another thing by now."""
    deploy(world, A, "main", tree=OTHER)
    deploy(world, B, "next")
    world.variables.set("site", "WORD", "preview", "x")
    merged = start(world, C, "main")
    assert merged.id in world.builder.jobs


@pytest.mark.parametrize("repeat", [2, 3])
def test_every_step_may_be_repeated(world, repeat: int) -> None:
    """The build step may die after it has asked, and the deploy step anywhere."""
    deploy(world, B, "next")
    live = start(world, C, "main")
    (asked,) = world.published
    for _ in range(repeat):
        world.deploying.deploy(asked)
    assert world.store.deployment(live.id).state is State.READY
    assert world.shown("site") == live.id


def test_a_redeploy_builds_afresh(world) -> None:
    """Who asks for it again does not want what there is."""
    deploy(world, B, "next")
    again = start(world, B, "next", origin=Origin.REDEPLOY)
    assert again.id in world.builder.jobs
    assert world.published == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"branch": "next", "tree": OTHER}, {"branch": "main"}),
        ({"branch": "next", "tree": ""}, {"branch": "main", "tree": ""}),
        ({"branch": OUTSIDE}, {"branch": "main"}),
        ({"branch": "next"}, {"branch": OUTSIDE}),
    ],
)
def test_what_is_not_the_same_is_built(world, first: dict[str, str], second: dict[str, str]) -> None:
    """Other files, unknown files, and what an outsider's build has made, in both directions."""
    deploy(world, A, **first)
    built = start(world, B, **second)
    assert built.id in world.builder.jobs


def test_what_depends_on_its_branch_is_built(world) -> None:
    """A build that may have looked at more than its files serves for no other."""
    finish(world, start(world, B, "next"), is_portable=False)
    assert start(world, C, "main").id in world.builder.jobs


def test_what_failed_or_expired_is_built(world) -> None:
    """There must be something to serve."""
    failed = start(world, A, "next")
    world.store.advance(failed, State.FAILED, reason="No.")
    assert start(world, B, "next").id in world.builder.jobs
    preview = deploy(world, C, "later")
    world.store.expire(world.store.deployment(preview.id), {f"site-{preview.id}", "site-git-later"})
    assert start(world, "d" * 40, "other").id in world.builder.jobs


def test_what_is_lent_stays(world) -> None:
    """It does not expire in the moment in which it is used."""
    preview = deploy(world, B, "next")
    world.now += timedelta(days=400)
    start(world, C, "main")
    world.expiry.expire()
    assert world.store.deployment(preview.id).expired_at is None


def test_what_is_gone_all_the_same_fails(world) -> None:
    """The reason says what to do."""
    preview = deploy(world, B, "next")
    live = start(world, C, "main")
    world.objects.delete(f"sites/{preview.project_id}/{preview.id}/")
    world.deploying.deploy(world.published[0])
    assert world.store.deployment(live.id).state is State.FAILED


def test_canceled_is_canceled(world) -> None:
    """What was ended before the deploy step came does not go live."""
    deploy(world, B, "next")
    live = start(world, C, "main")
    world.store.advance(live, State.CANCELED, reason="No.")
    world.deploying.deploy(world.published[0])
    assert world.store.deployment(live.id).state is State.CANCELED
    assert world.shown("site") is None
