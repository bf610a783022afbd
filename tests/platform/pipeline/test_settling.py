"""Previews end with their branch or pull request, and come back with it."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from battleshiper.platform.bus.port import GiveUpError
from battleshiper.platform.model.deployment import Commit, Environment, Origin, State
from battleshiper.platform.pipeline.requests import delete_request, settle_request
from battleshiper.platform.store.port import NewDeployment
from battleshiper.platform.tickets.ticket import Requester
from tests.platform.pipeline.conftest import World

A, B, C = "a" * 40, "b" * 40, "c" * 40
LABEL = "site-git-next"
OUTSIDE = "refs/pull/7/head"


def waiting(world, sha: str):
    """Create a deployment that waits for an approval."""
    commit = Commit(sha, OUTSIDE)
    id_ = f"{sha[:6]}wait"
    new = NewDeployment(
        id_, world.project().id, commit, Environment.PREVIEW, Origin.PULL_REQUEST, State.AWAITING_APPROVAL
    )
    return world.store.create_deployment(new)


def test_a_preview_is_retired(world) -> None:
    """Its branch's hostname leads nowhere any more; its own and production stay as they are."""
    live = world.deploy(A)
    old, preview = world.deploy(B, "next"), world.deploy(C, "next")
    world.retire("next")
    world.settle("next")
    assert world.shown(LABEL) is None
    assert world.routes.get(LABEL) is None
    assert world.shown("site") == live.id
    assert world.routes.get(f"site-{preview.id}") is not None
    assert all(world.store.deployment(each.id).retired_at for each in (old, preview))
    assert world.store.deployment(live.id).retired_at is None


def test_it_comes_back_without_a_build(world) -> None:
    """The newest preview is shown at its branch's hostname again, the older ones stay retired."""
    old, preview = world.deploy(B, "next"), world.deploy(C, "next")
    route = world.routes.get(LABEL)
    world.retire("next")
    world.settle("next")
    jobs = len(world.builder.jobs)
    world.bring_back("next")
    world.settle("next")
    assert world.shown(LABEL) == preview.id
    assert world.routes.get(LABEL) == route
    assert world.store.deployment(preview.id).retired_at is None
    assert world.store.deployment(old.id).retired_at is not None
    assert len(world.builder.jobs) == jobs


def test_what_is_under_way_is_canceled(world) -> None:
    """A build that nobody will see is stopped, with the reason."""
    building = world.build(B, "next")
    world.retire("next", "Pull request #7 was merged.")
    world.settle("next")
    ended = world.store.deployment(building.id)
    assert (ended.state, ended.reason) == (State.CANCELED, "Pull request #7 was merged.")
    assert building.id in world.builder.canceled


def test_production_is_left_alone(world) -> None:
    """Whatever is said of its branch."""
    live, building = world.deploy(A), world.build(B)
    world.retire("main")
    world.settle("main")
    assert world.shown("site") == live.id
    assert world.store.deployment(building.id).state is State.BUILDING


def test_a_build_that_ends_late_is_not_shown(world) -> None:
    """It was under way when its branch was retired, and the settle step came too early for it."""
    building = world.build(B, "next")
    world.upload(building, {"client/index.html": b"late"})
    world.retire("next")
    world.deploying.deploy(world.end(building))
    assert world.store.deployment(building.id).state is State.CANCELED
    assert world.shown(LABEL) is None


def test_once_is_enough(world) -> None:
    """A repeated event changes nothing, and removes a route that a step that died has left."""
    preview = world.deploy(B, "next")
    route = world.routes.get(LABEL)
    world.retire("next")
    event = world.settle("next")
    version = world.store.deployment(preview.id).version
    world.routes.write({LABEL: route})
    world.settling.settle(event)
    assert world.store.deployment(preview.id).version == version
    assert world.routes.get(LABEL) is None


def test_a_push_shows_the_branch_again(world) -> None:
    """What is pushed after the end is a preview like any other; what was retired before stays so."""
    old = world.deploy(B, "next")
    world.retire("next")
    world.settle("next")
    world.bring_back("next")
    new = world.deploy(C, "next")
    world.settle("next")
    assert world.shown(LABEL) == new.id
    assert world.store.deployment(old.id).retired_at is not None


def test_only_the_newest_commit_waits(world) -> None:
    """A leave for what a newer commit has replaced would be for nothing."""
    older, newer = waiting(world, A), waiting(world, B)
    world.settle(OUTSIDE)
    ended = world.store.deployment(older.id)
    assert (ended.state, ended.reason) == (State.SUPERSEDED, "Superseded by bbbbbbb, a newer commit.")
    assert world.store.deployment(newer.id).state is State.AWAITING_APPROVAL


def test_nothing_waits_for_a_closed_pull_request(world) -> None:
    """The status of its commit ends."""
    asked = waiting(world, A)
    world.retire(OUTSIDE, "Pull request #7 was closed.")
    world.settle(OUTSIDE)
    assert world.store.deployment(asked.id).state is State.CANCELED


def test_what_has_expired_does_not_come_back(world) -> None:
    """Its files are gone."""
    preview = world.deploy(B, "next")
    world.retire("next")
    world.settle("next")
    world.store.expire(world.store.deployment(preview.id), {f"site-{preview.id}", LABEL})
    world.bring_back("next")
    world.settle("next")
    assert world.shown(LABEL) is None


def test_it_takes_a_ticket(world) -> None:
    """A ticket for another step, or none, is nothing to settle with."""
    event = world.settle("next")
    other = delete_request(world.mint, world.project().id, source=Requester.WEBHOOK, user=0).detail["ticket"]
    for detail in ({**event.detail, "ticket": other}, {"project": "p1"}):
        with pytest.raises(GiveUpError):
            world.settling.settle(replace(event, detail=detail))


def test_a_deleted_project_has_nothing_to_settle(world) -> None:
    """The step ends quietly."""
    project_id = world.project().id
    event = settle_request(world.mint, project_id, "next", source=Requester.WEBHOOK, user=0)
    world.store.delete_project(project_id)
    world.settling.settle(event)
    assert world.store.projects() == []


@settings(max_examples=30, deadline=None)
@given(steps=st.lists(st.sampled_from(["deploy", "begin", "end", "retire", "back", "settle"]), max_size=12))
def test_the_last_word_counts(tmp_path_factory, steps: list[str]) -> None:
    """Whatever came in whichever order: once the step has run, a retired branch shows nothing, and one that is not
    shows the newest preview that is ready."""
    world = World(tmp_path_factory.mktemp("world"))
    retired, begun = False, []
    try:
        for number, step in enumerate([*steps, "settle"]):
            sha = f"{number:040x}"
            if step == "retire":
                world.retire("next")
                retired = True
            elif step == "back":
                world.project()
                world.bring_back("next")
                retired = False
            elif step == "settle":
                world.settle("next")
            elif step == "begin" or (step == "deploy" and not retired):
                begun.append(world.build(sha, "next"))
                if step == "deploy":
                    _finish(world, begun.pop())
            elif step == "end" and begun:
                _finish(world, begun.pop(0))
        ready = [each for each in world.store.deployments(world.project().id) if each.site]
        shown = world.shown(LABEL)
        assert shown == (None if retired or not ready else ready[0].id)
        assert (world.routes.get(LABEL) is None) is (shown is None)
        assert [each.id for each in ready if each.retired_at is None and each.id == shown] == ([shown] if shown else [])
    finally:
        world.bus.close()
        world.database.close()


def _finish(world, building) -> None:
    world.upload(building, {"client/index.html": b"page"})
    world.deploying.deploy(world.end(building))
