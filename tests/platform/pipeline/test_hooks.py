"""Build hooks deploy a branch's head, for whoever knows their address, and nothing more than that."""

import json

import pytest

from battleshiper.platform.model.deployment import Environment, Origin, State
from battleshiper.platform.model.event import Event, EventType
from battleshiper.platform.model.hook import MAX_HOOKS, HookRefusedError
from battleshiper.platform.pipeline.hooks import BuildHooks
from battleshiper.platform.pipeline.operations import OperationRefusedError
from battleshiper.platform.source.fake import FakeSource
from battleshiper.platform.source.port import Head, Repository, SourceError
from battleshiper.platform.store.port import MissingError
from tests.platform.pipeline.conftest import REPOSITORY_ID, World

A, B = "a" * 40, "b" * 40


@pytest.fixture
def source() -> FakeSource:
    made = FakeSource()
    made.repositories[REPOSITORY_ID] = Repository("me/site", "main", None)
    made.branches["main"] = Head(A, "Say hello", "ada")
    return made


@pytest.fixture
def hooks(world: World, source: FakeSource) -> BuildHooks:
    return BuildHooks(world.store, source, world.mint, world.clock)


def test_a_call_deploys_the_head(world: World, hooks: BuildHooks) -> None:
    """Of the production branch where none is named; the build goes all the way."""
    hook, key = hooks.add(world.project(), " Our CMS ")
    assert hooks.recognise(key) == hook
    project, deployment = hooks.use(hook)
    assert (project.name, hook.name) == ("site", "Our CMS")
    assert (deployment.commit.sha, deployment.commit.branch, deployment.origin) == (A, "main", Origin.HOOK)
    assert (deployment.environment, deployment.state) == (Environment.PRODUCTION, State.QUEUED)
    assert hooks.of_project(project)[0].used_at is not None
    asked = "SELECT detail FROM events WHERE type = ?"
    (detail,) = world.database.read(lambda database: database.execute(asked, (EventType.BUILD,)).fetchone())
    world.building.build(Event(EventType.BUILD, json.loads(detail)))
    world.claims.spend(world.claims.issue(deployment.id))
    world.upload(deployment, {"client/index.html": b"made anew"})
    world.deploying.deploy(world.end(deployment))
    assert world.shown("site") == deployment.id


def test_a_named_branch_is_a_preview(world: World, hooks: BuildHooks, source: FakeSource) -> None:
    """As a push to it would be."""
    source.branches["next"] = Head(B, "Try it", "ada")
    hook, _ = hooks.add(world.project(), "nightly", "next")
    assert hooks.use(hook)[1].environment is Environment.PREVIEW


def test_a_second_call_while_the_first_waits(world: World, hooks: BuildHooks, source: FakeSource) -> None:
    """Makes no other deployment, unless the branch has moved or the build has begun."""
    hook, _ = hooks.add(world.project(), "nightly")
    first = hooks.use(hook)[1]
    assert hooks.use(hook)[1].id == first.id
    source.branches["main"] = Head(B, "More", "ada")
    second = hooks.use(hook)[1]
    assert second.commit.sha == B
    world.store.advance(second, State.BUILDING)
    assert hooks.use(hook)[1].id not in (first.id, second.id)


def test_what_cannot_be_built_is_refused(world: World, hooks: BuildHooks, source: FakeSource) -> None:
    """With the reason, and nothing is deployed."""
    hook, _ = hooks.add(world.project(), "nightly", "gone")
    with pytest.raises(OperationRefusedError, match="no branch 'gone'"):
        hooks.use(hook)
    source.down = True
    with pytest.raises(SourceError):
        hooks.use(hook)
    world.store.delete_project(world.project().id)
    with pytest.raises(MissingError):
        hooks.use(hook)


def test_keys(world: World, hooks: BuildHooks) -> None:
    """Only the very key opens a hook, and none once it is removed."""
    hook, key = hooks.add(world.project(), "nightly")
    for wrong in ("", key[:-1], key + "0", key[:-1] + ("0" if key[-1] != "0" else "1"), key.upper(), "x" * 5000):
        assert hooks.recognise(wrong) is None
    assert hook.sha256 not in key
    assert hooks.remove(world.project(), hook.id) is True
    assert hooks.recognise(key) is None
    assert hooks.remove(world.project(), hook.id) is False


@pytest.mark.parametrize(
    ("name", "branch", "field"),
    [
        ("", None, "name"),
        (" ", None, "name"),
        ("x" * 81, None, "name"),
        ("a\nb", None, "name"),
        ("a", "", "branch"),
        ("a", "x" * 256, "branch"),
        ("a", "\x00", "branch"),
    ],
)
def test_mistakes_name_the_field(world: World, hooks: BuildHooks, name, branch, field) -> None:
    """Nothing is kept."""
    with pytest.raises(HookRefusedError) as refused:
        hooks.add(world.project(), name, branch)
    assert refused.value.field == field
    assert hooks.of_project(world.project()) == []


def test_a_project_has_so_many(world: World, hooks: BuildHooks) -> None:
    """One more is refused with what to do."""
    for number in range(MAX_HOOKS):
        hooks.add(world.project(), f"hook {number}")
    with pytest.raises(HookRefusedError, match="remove one"):
        hooks.add(world.project(), "one more")
