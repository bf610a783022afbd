"""What a decision was based on is so when the decision is written, whoever else is at work."""

import asyncio

import pytest
from aws.dynamo_platform import canceled, deployment, project

from battleshiper.platform.model.access import RepositoryFacts
from battleshiper.platform.model.delivery import Delivery
from battleshiper.platform.model.deployment import Origin, State
from battleshiper.platform.store.dynamodb.error import BusyError
from battleshiper.platform.store.port import Acceptance, ConflictError


def decide(platform, meanwhile=(), *, build: bool = True):
    """Decide on a push to every project of repository 1, and let something happen each time before it is written;
    return what each decision saw."""
    seen, happenings = [], list(meanwhile)

    def plan(known) -> Acceptance:
        projects = known.projects_of_repository(1)
        rivals = {each.id: [rival.id for rival in known.rivals(each.id, "main")] for each in projects}
        seen.append((rivals, [each.production_branch for each in projects]))
        if happenings:
            happenings.pop(0)()
        made = [deployment(f"{each.id}-{len(seen)}", each.id) for each in projects] if build else []
        return Acceptance(Delivery("push", "push", None, platform.clock(), ()), deployments=made)

    asyncio.run(platform.store.decide_soon("push", plan))
    return seen


@pytest.mark.parametrize("build", [True, False], ids=["builds", "ignores"])
def test_a_push_that_was_faster_is_seen(platform, build):
    """Another process records a push of the same branch in between: the decision is taken again and knows it."""
    other = platform.another()
    seen = decide(platform, [lambda: other.store.create_deployment(deployment("faster"))], build=build)
    assert seen == [({"p1": []}, [None]), ({"p1": ["faster"]}, [None])]
    assert [each.number for each in platform.store.deployments()] == ([2, 1] if build else [1])


def test_a_rival_that_was_superseded_is_none(platform):
    """A deployment that another process supersedes in between is no reason for anything."""
    other = platform.another()
    rival = other.store.create_deployment(deployment("rival"))
    seen = decide(platform, [lambda: other.store.advance(rival, State.SUPERSEDED)])
    assert [rivals for rivals, _ in seen] == [{"p1": ["rival"]}, {"p1": []}]


def test_settings_that_changed_are_seen(platform):
    """Another production branch makes another decision."""
    other = platform.another()

    def follow() -> None:
        other.store.learn(
            repositories=[RepositoryFacts(1, "o/r", "main", is_archived=False, is_deleted=False, told_at=1)]
        )
        other.store.follow("p1")

    seen = decide(platform, [follow], build=False)
    assert [branches for _, branches in seen] == [[None], ["main"]]


def test_a_project_that_is_new_or_gone_is_noticed(platform):
    """The repository's projects are those that there are when the decision is written."""
    other = platform.another()
    new = project(2, "docs", repository_id=1, root_directory="docs")
    happenings = [lambda: other.deliver("d2", projects=[new]), lambda: other.store.delete_project("p1")]
    seen = decide(platform, happenings)
    assert [set(rivals) for rivals, _ in seen] == [{"p1"}, {"p1", "p2"}, {"p2"}]
    assert [each.id for each in platform.store.deployments()] == ["p2-3"]


def test_a_repository_that_gets_its_first_project_is_noticed(platform):
    """Also when there was nothing to hold to."""
    other = platform.another()
    seen = []

    def plan(known) -> Acceptance:
        seen.append([each.id for each in known.projects_of_repository(9)])
        if len(seen) == 1:
            other.deliver("d9", projects=[project(9, "zoo")])
        return Acceptance(Delivery("push", "push", None, platform.clock(), ()))

    asyncio.run(platform.store.decide_soon("push", plan))
    assert seen == [[], ["p9"]]


def test_the_same_delivery_elsewhere_is_the_only_one(platform):
    """Two processes get the same delivery at once: one decides, the other is told that it was recorded."""
    other = platform.another()
    assert len(decide(platform, [lambda: decide(other)])) == 1
    assert [each.id for each in platform.store.deployments()] == ["p1-1"]


def test_names_are_taken_once(platform):
    """Another project takes the name in between: the next one is tried."""
    other = platform.another()
    platform.client.before["transact_write_items"].append(
        lambda: other.deliver("d2", projects=[project(2, "zoo")]),
    )
    platform.deliver("d3", projects=[project(3, "zoo", names=("zoo", "zoo-3"))])
    assert (platform.store.project("p2").name, platform.store.project("p3").name) == ("zoo", "zoo-3")


def test_a_first_deployment_is_the_first(platform):
    """A push to the branch comes in between: there is no initial deployment."""
    other = platform.another()
    initial = deployment("initial", origin=Origin.INITIAL)
    platform.client.before["transact_write_items"].append(
        lambda: other.store.create_deployment(deployment("faster")),
    )
    with pytest.raises(ConflictError, match="main"):
        platform.store.create_deployment(initial)


def test_a_push_right_after_the_branch_was_looked_at(platform):
    """What was read of the project stands for the branch as well, because it was read before."""
    other = platform.another()

    def push_then(query, **asked):
        answer = query(**asked)
        other.store.create_deployment(deployment("faster"))
        return answer

    platform.client.instead["query"].append(push_then)
    with pytest.raises(ConflictError, match="main"):
        platform.store.create_deployment(deployment("initial", origin=Origin.INITIAL))


@pytest.mark.parametrize("code", ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"])
def test_a_transaction_that_was_in_the_way_passes(platform, code):
    """The step is taken again after a pause, and then it is written once."""
    platform.client.refuse("transact_write_items", *[canceled("None", code)] * 3)
    assert platform.store.create_deployment(deployment("x1")).number == 1
    assert len(platform.pauses) == 3
    assert [event.id for event in platform.bus.published] == ["x1-1"]


def test_nobody_waits_for_ever(platform):
    """A row that is always in use is given up, with pauses that grow and do not add up to minutes."""
    platform.client.refuse("transact_write_items", *[canceled("TransactionConflict")] * 100)
    with pytest.raises(BusyError, match="30 times"):
        platform.store.create_deployment(deployment("x1"))
    assert len(platform.pauses) == 30
    assert max(platform.pauses) <= 0.4
    assert len(set(platform.pauses)) > 20
