"""Whoever can put events on the bus, and even into the queues, but holds no ticket for them achieves nothing."""

from dataclasses import replace

import jwt
import pytest
from aws.dynamo_platform import deployment, project

from battleshiper.platform.builder.fake import FakeBuilder
from battleshiper.platform.model.delivery import Delivery
from battleshiper.platform.model.deployment import State
from battleshiper.platform.model.event import Event, EventType
from battleshiper.platform.model.instructions import BuildLimits
from battleshiper.platform.objects.folder import FolderObjects
from battleshiper.platform.pipeline.allowance import Allowance
from battleshiper.platform.pipeline.building import Building
from battleshiper.platform.pipeline.requests import build_request, delete_request
from battleshiper.platform.pipeline.sweeping import Sweeper
from battleshiper.platform.store.dynamodb.outbox import Relay
from battleshiper.platform.store.dynamodb.store import DynamoStore
from battleshiper.platform.tickets.gate import Gate
from battleshiper.platform.tickets.keys import LIFETIME, KeyRing, verifying_keys
from battleshiper.platform.tickets.mint import Mint
from battleshiper.platform.tickets.ticket import Requester


class BuildStep:
    """The build step behind its consumer, with two projects that each have a deployment to build."""

    def __init__(self, step, tmp_path) -> None:
        self.step = step
        self.store = DynamoStore(step.rows, Relay(step.rows, step.bus, step.clock), step.clock)
        self.ring = KeyRing.new()
        self.mint = Mint(self.ring, step.clock).mint
        self.builder = FakeBuilder()
        gate = Gate(lambda: verifying_keys(self.ring, step.clock()), self.store, step.clock)
        allowance = Allowance(self.store, step.clock)
        step.handle = Building(self.store, gate, step.bus, self.builder, allowance, BuildLimits()).build
        objects = FolderObjects(tmp_path)
        self.sweeper = Sweeper(self.store, self.builder, objects, step.letters.dead_letters, step.clock)
        projects = [project(1, "shop"), project(2, "blog")]
        deployments = [deployment("d1", "p1"), deployment("d2", "p2")]
        delivery = Delivery("push", "push", "octo/shop", step.clock(), ())
        self.store.accept(delivery, projects=projects, deployments=deployments)

    def request(self, mint=None) -> Event:
        """Return the event that asks for `d1` to be built."""
        return build_request(mint or self.mint, "p1", "d1", source=Requester.WEBHOOK, user=1)


@pytest.fixture
def building(step, tmp_path) -> BuildStep:
    """A build step."""
    return BuildStep(step, tmp_path)


def altered(event: Event, **detail: str | None) -> Event:
    """Return an event that says something else, or less, than one that was asked for."""
    told = {name: value for name, value in {**event.detail, **detail}.items() if value is not None}
    return Event(event.type, told, event.group)


def without_ticket(building: BuildStep) -> Event:
    """Nothing is shown."""
    return altered(building.request(), ticket=None)


def with_an_empty_ticket(building: BuildStep) -> Event:
    """Hardly more."""
    return altered(building.request(), ticket="")


def forged(building: BuildStep) -> Event:
    """Signed with a key of one's own, under the name of ours."""
    mine = replace(KeyRing.new(), kid=building.ring.kid)
    return building.request(Mint(mine, building.step.clock).mint)


def unsigned(building: BuildStep) -> Event:
    """A good ticket without its signature."""
    ticket = building.request().detail["ticket"]
    return altered(building.request(), ticket=ticket.rpartition(".")[0] + ".")


def expired(building: BuildStep) -> Event:
    """Good once."""
    event = building.request()
    building.step.clock.advance(LIFETIME)
    return event


def spent_by_another(building: BuildStep) -> Event:
    """Seen on the bus, and shown again by an event of one's own."""
    event = building.request()
    building.store.spend_ticket(jti(event), event.id, building.step.clock() + LIFETIME)
    return altered(event)


def of_another_project(building: BuildStep) -> Event:
    """Of a project of one's own."""
    return altered(building.request(), project="p2", deployment="d2")


def of_another_deployment(building: BuildStep) -> Event:
    """Of a deployment of one's own."""
    return altered(building.request(), deployment="d2")


def of_another_step(building: BuildStep) -> Event:
    """Good for the deploy step of the same deployment."""
    event = building.request()
    return altered(event, ticket=event.detail["deploy_ticket"])


def of_a_whole_project(building: BuildStep) -> Event:
    """Good for removing the project."""
    ticket = delete_request(building.mint, "p1", source=Requester.OPERATOR, user=0).detail["ticket"]
    return altered(building.request(), ticket=ticket)


def without_the_next_ticket(building: BuildStep) -> Event:
    """Good, but for half of what has to be done."""
    return altered(building.request(), deploy_ticket=None)


def without_a_deployment(building: BuildStep) -> Event:
    """Of nothing."""
    return altered(building.request(), deployment=None)


@pytest.mark.parametrize(
    "make",
    [
        without_ticket,
        with_an_empty_ticket,
        forged,
        unsigned,
        expired,
        spent_by_another,
        of_another_project,
        of_another_deployment,
        of_another_step,
        of_a_whole_project,
        without_the_next_ticket,
        without_a_deployment,
    ],
)
def test_nothing_is_built_and_nothing_is_ended(building: BuildStep, body, make):
    """The event becomes a dead letter at once, also where it says that it has failed before, and no deployment hears
    of it: neither by itself nor by the sweeper."""
    event = make(building)
    assert building.step.take(body(event, attempts=1)) == []
    assert building.step.queue.sent == []
    (letter,) = building.step.letters.dead_letters()
    assert (letter.event, letter.attempts) == (event, 1)
    assert building.sweeper.sweep() == 0
    assert building.builder.jobs == building.builder.canceled == {}
    assert [building.store.deployment(id_).state for id_ in ("d1", "d2")] == [State.QUEUED, State.QUEUED]


def test_with_its_ticket_an_event_is_handled(building: BuildStep, body):
    """Once, however often it comes."""
    event = building.request()
    building.step.take(body(event), body(event))
    building.step.take(body(event))
    assert list(building.builder.jobs) == ["d1"]
    assert building.step.letters.dead_letters() == []


def test_a_dead_letter_that_was_revived_has_its_ticket_still(building: BuildStep, body):
    """What the ticket was spent by is the same event."""
    event = building.request()
    building.store.spend_ticket(jti(event), event.id, building.step.clock() + LIFETIME)
    building.step.letters.bury(event, "no luck", 10)
    assert building.step.letters.revive(event.id)
    (published,) = (each for each in building.step.bus.published if each.type is EventType.BUILD)
    building.step.take(body(published))
    assert list(building.builder.jobs) == ["d1"]


def jti(event: Event) -> str:
    """Return the id of an event's ticket."""
    claims: dict[str, str] = jwt.decode(event.detail["ticket"], options={"verify_signature": False})
    return claims["jti"]
