"""What is more than one call or one transaction takes."""

from datetime import timedelta

import pytest
from aws.dynamo_platform import deployment, project

from battleshiper.platform.model.delivery import Decision, Delivery, Verdict
from battleshiper.platform.model.deployment import State
from battleshiper.platform.model.event import Event, EventType
from battleshiper.platform.model.project import Installation
from battleshiper.platform.store.dynamodb.transaction import MOST_WRITES


class KilledError(BaseException):
    """The process ends here."""


def kill():
    raise KilledError


def installed(count: int):
    """Return what an installation on many repositories leads to."""
    projects = [project(number, f"shop-{number}") for number in range(10, 10 + count)]
    events = [Event(EventType.INIT, {"project": each.id}) for each in projects]
    return {"projects": projects, "events": events, "installations": [Installation(1, 2, "octo")]}


def test_an_app_on_many_repositories(platform):
    """Every project is there, each is prepared, and no transaction was too large."""
    decided = installed(70)
    assert platform.deliver("d1", **decided)
    assert len(platform.store.projects()) == 71
    assert platform.bus.published == decided["events"]
    sizes = [len(asked["TransactItems"]) for call, asked, _ in platform.client.calls if call == "transact_write_items"]
    assert max(sizes) <= MOST_WRITES
    assert len(sizes) < 8
    assert not platform.deliver("d1", **decided)


@pytest.mark.parametrize("written", [1, 2, 3])
def test_an_installation_that_is_cut_off(platform, written):
    """The delivery is not recorded; when it comes again, nothing is there twice and nothing is missing."""
    platform.client.before["transact_write_items"] += [*[lambda: None] * written, kill]
    with pytest.raises(KilledError):
        platform.deliver("d1", **installed(70))
    assert not platform.store.has_delivery("d1")
    assert 1 < len(platform.store.projects()) < 71
    again = installed(70)
    assert platform.deliver("d1", **again)
    assert sorted(each.name for each in platform.store.projects()) == sorted(
        ["shop", *(new.names[0] for new in again["projects"])]
    )
    assert {event.detail["project"] for event in platform.bus.published} == {new.id for new in again["projects"]}


def test_a_push_to_many_projects_of_one_repository(platform):
    """Each gets its deployment, with its event and the delivery."""
    projects = [
        project(number, f"part-{number}", repository_id=5, root_directory=f"{number}") for number in range(10, 50)
    ]
    platform.deliver("d1", projects=projects)
    new = [deployment(f"x{each.id}", each.id) for each in projects]
    platform.bus.published.clear()
    assert platform.deliver("d2", deployments=new)
    assert {each.id for each in platform.store.deployments(limit=100)} == {each.id for each in new}
    assert len(platform.bus.published) == 40
    assert len(platform.store.projects_of_repository(5)) == 40


def test_a_delivery_with_much_to_tell(platform):
    """Thousands of decisions fit into one item."""
    decisions = tuple(
        Decision(Verdict.INITIALISE, f"The App was installed on octo/repository-{number}.", f"p{number:09}")
        for number in range(5000)
    )
    delivery = Delivery("d1", "installation.created", None, platform.clock(), decisions)
    assert platform.store.accept(delivery)
    assert platform.store.deliveries(1) == [delivery]


def test_a_project_with_hundreds_of_deployments(platform):
    """They are listed and counted beyond what one call reads, and nothing is left when the project is deleted."""
    empty = platform.items()
    for number in range(13):
        platform.deliver(f"many{number}", deployments=[deployment(f"x{number}-{each:02}") for each in range(10)])
    assert [each.number for each in platform.store.deployments("p1", limit=1000)] == list(range(130, 0, -1))
    assert [each.number for each in platform.store.deployments(limit=105)] == list(range(130, 25, -1))
    assert len(platform.store.unfinished()) == 130
    platform.store.advance(platform.store.deployment("x0-00"), State.CANCELED)
    platform.store.delete_project("p1")
    (remains,) = platform.store.remains()
    assert (remains.finished, len(remains.unfinished)) == (("x0-00",), 129)
    assert platform.store.deployments() == platform.store.unfinished() == platform.store.projects() == []
    platform.store.forget_remains("p1")
    left = {key for key in platform.items() if not key.startswith("DELIVERY#")}
    assert left == {"REPOSITORY#1 REPOSITORY"} < set(empty)


@pytest.mark.parametrize("written", range(6))
def test_a_removal_that_is_cut_off(platform, written):
    """Wherever that was, nothing can be added any more, and once it is run again all is gone and all is told."""
    for number in range(9):
        platform.deliver(f"many{number}", deployments=[deployment(f"x{number}{each}") for each in range(10)])
    at = platform.clock()
    platform.client.before["transact_write_items"] += [*[lambda: None] * (written + 1), kill]
    with pytest.raises(KilledError):
        platform.store.delete_project("p1")
    assert platform.store.projects() == []
    with pytest.raises(LookupError):
        platform.store.create_deployment(deployment("late"))
    platform.clock.advance(timedelta(seconds=60))
    platform.store.delete_project("p1")
    (remains,) = platform.store.remains()
    assert (remains.deleted_at, len(remains.unfinished), remains.labels) == (at, 90, ())
    assert platform.store.deployments() == []
    assert platform.deliver("again", projects=[project(1, "shop")])


def test_much_is_forgotten(platform):
    """More tickets than one call deletes."""
    for number in range(60):
        platform.store.spend_ticket(f"t{number}", "e", platform.clock())
    later = platform.clock() + timedelta(days=1)
    assert platform.store.forget_spent(later, 1000) == 60
    assert not [key for key in platform.items() if key.startswith("TICKET#")]
