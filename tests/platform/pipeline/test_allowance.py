"""The allowance: what a subscription lets be built and deployed, what is refused and how, and what is counted."""

from datetime import timedelta

import pytest

from battleshiper.bot.wording import MAX_DESCRIPTION, describe
from battleshiper.platform.model.deployment import State
from battleshiper.platform.model.subscription import Limit, Subscription
from battleshiper.platform.pipeline.imports import Imports
from battleshiper.platform.pipeline.operations import OperationRefusedError

ACCOUNT = 2
OLD, NEW = "a" * 40, "b" * 40


@pytest.fixture
def allow(world):
    """Set the limits of every account that has no subscription of its own."""
    world.project()

    def allow(**limits: int) -> None:
        subscription = Subscription("default", {Limit(name): most for name, most in limits.items()})
        world.store.keep_subscription(subscription)

    return allow


def used(world) -> dict[str, int | None]:
    """Return what the account has used."""
    _, uses, _ = world.allowance.uses(ACCOUNT)
    return {use.limit.value: use.used for use in uses if use.used}


def test_builds_of_a_day(world, allow) -> None:
    """One more than may be built is not, for a reason that keeps no change from being merged; the next day it is."""
    allow(daily_builds=1)
    world.deploy(OLD)
    refused, request = world.push(NEW, "feature")
    world.building.build(request)
    ended = world.store.deployment(refused.id)
    assert ended.state is State.SKIPPED
    assert ended.reason == "Limit reached: 1 of 1 builds today on me; the next from 00:00 UTC on"
    assert describe(ended) == ended.reason
    assert len(ended.reason) <= MAX_DESCRIPTION
    assert refused.id not in world.builder.jobs
    assert used(world) == {"daily_builds": 1, "daily_deployments": 1, "projects": 1}
    world.now += timedelta(days=1)
    assert used(world) == {"projects": 1}
    again = world.operations.redeploy("site", refused.id)
    assert world.store.deployment(again.id).state is State.QUEUED


def test_an_event_that_comes_twice_counts_once(world, allow) -> None:
    """However often it is handled."""
    allow(daily_builds=1)
    deployment, request = world.push()
    for _ in range(3):
        world.building.build(request)
    assert list(world.builder.jobs) == [deployment.id]
    assert used(world)["daily_builds"] == 1


def test_deployments_of_a_day(world, allow) -> None:
    """What could not be deployed today is not even built."""
    allow(daily_deployments=1)
    world.deploy(OLD)
    refused, request = world.push(NEW, "feature")
    world.building.build(request)
    ended = world.store.deployment(refused.id)
    assert (ended.state, "1 of 1 deployments today" in ended.reason) == (State.SKIPPED, True)
    assert used(world)["daily_builds"] == 1


def test_two_builds_end_where_one_may_be_deployed(world, allow) -> None:
    """The one that comes second is not published, and nothing of it is left."""
    allow(daily_deployments=1)
    first, second = world.build(OLD, "one"), world.build(NEW, "two")
    for deployment in (first, second):
        world.upload(deployment, {"client/index.html": b"x"})
        world.deploying.deploy(world.end(deployment))
    assert [world.store.deployment(each.id).state for each in (first, second)] == [State.READY, State.SKIPPED]
    assert world.shown("site-git-two") is None
    assert list(world.objects.list("builds/")) == []


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({"client_bytes": 4}, "5 bytes of client files, and me may have 4"),
        ({"prerendered_bytes": 2}, "3 bytes of prerendered pages, and me may have 2"),
        ({"prerendered_routes": 0}, "1 prerendered pages, and me may have 0"),
    ],
)
def test_an_output_that_is_too_large(world, allow, limits, said) -> None:
    """It fails, as that is for its owner to mend, and says by how much; nothing is deployed."""
    allow(**limits)
    deployment = world.deploy(files={"client/app.js": b"12345", "prerendered/index.html": b"123"})
    assert deployment.state is State.FAILED
    assert said in deployment.reason
    assert "daily_deployments" not in used(world)
    assert world.shown("site") is None


def test_projects(world, allow) -> None:
    """One that would be too many is not made."""
    allow(projects=1)
    imports = Imports(world.store, world.source, world.mint, world.allowance)
    with pytest.raises(OperationRefusedError, match="Limit reached: 1 projects, and me may have 1"):
        imports.add("me/site", "docs")
    allow(projects=2)
    assert imports.add("me/site", "docs").name == "site-docs"


def test_a_subscription_of_ones_own(world, allow) -> None:
    """It counts instead of the default one; others' use is not theirs."""
    allow(daily_builds=0)
    world.store.keep_subscription(Subscription("large", {Limit.DAILY_BUILDS: 100}))
    world.store.subscribe(ACCOUNT, "large")
    deployment, request = world.push()
    world.building.build(request)
    assert deployment.id in world.builder.jobs
    subscription, uses, resets_at = world.allowance.uses(ACCOUNT)
    assert subscription.name == "large"
    assert {use.limit: use.most for use in uses}[Limit.DAILY_BUILDS] == 100
    assert resets_at == world.now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    assert world.allowance.uses(9)[1][0].used == 0


def test_without_a_subscription_nothing_is_limited(world) -> None:
    """But all of it is counted, so that one can see what a limit would have to be."""
    for number in range(5):
        world.deploy(f"{number}" * 40)
    assert used(world) == {"daily_builds": 5, "daily_deployments": 5, "projects": 1}
