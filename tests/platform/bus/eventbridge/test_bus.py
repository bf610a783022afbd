"""Putting events on EventBridge, within what it takes and whatever it fails at."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from battleshiper.platform.bus.eventbridge.bus import EventBridgeBus, PublishError
from battleshiper.platform.model.event import Event, EventType


class FakeEvents:
    """A client of EventBridge. `plan` has what each call answers: a code for each entry that fails, by its place."""

    def __init__(self, *plan: dict[int, str] | Exception) -> None:
        self.calls: list[list[Any]] = []
        self._plan = list(plan)

    def put_events(self, *, Entries: list[Any]) -> dict[str, Any]:  # noqa: N803 - boto's name
        self.calls.append(Entries)
        planned = self._plan.pop(0) if self._plan else {}
        if isinstance(planned, Exception):
            raise planned
        results = [{"ErrorCode": planned[n]} if n in planned else {"EventId": "x"} for n in range(len(Entries))]
        return {"FailedEntryCount": len(planned), "Entries": results}

    @property
    def ids(self) -> list[list[str]]:
        """The ids of the events in each call."""
        return [[json.loads(entry["Detail"])["id"] for entry in entries] for entries in self.calls]


def events(count: int, text: str = "") -> list[Event]:
    """Return events `e0`, `e1`…"""
    return [Event(EventType.BUILD, {"text": text}, id=f"e{number}") for number in range(count)]


def bus(client: FakeEvents, pauses: list[float] | None = None) -> EventBridgeBus:
    """Return a bus that waits for nothing."""
    return EventBridgeBus(client, "battleshiper", pause=([] if pauses is None else pauses).append)


def test_an_entry_says_where_it_belongs():
    """By its type alone a rule chooses it, and its text is ASCII twice over."""
    client = FakeEvents()
    bus(client).publish([Event(EventType.DELETE, {"a": "ü\ud83d\0"}, "g", "e1")])
    ((entry,),) = client.calls
    detail = json.loads(entry.pop("Detail"))
    assert entry == {"EventBusName": "battleshiper", "Source": "battleshiper", "DetailType": "battleshiper.delete"}
    assert detail == {"id": "e1", "group": "g", "detail": '{"a": "\\u00fc\\ud83d\\u0000"}'}


def test_no_call_has_more_than_ten_events():
    """And none is empty."""
    client = FakeEvents()
    bus(client).publish(events(25))
    bus(client).publish([])
    assert [len(entries) for entries in client.calls] == [10, 10, 5]


def test_no_call_is_too_large():
    """Its entries stay below 1 MB in all."""
    client = FakeEvents()
    bus(client).publish(events(9, "x" * 250_000))
    sizes = [sum(len(entry["Detail"]) for entry in entries) for entries in client.calls]
    assert len(sizes) == 3
    assert max(sizes) < 1_000_000


def test_an_event_that_is_too_large_takes_all_with_it():
    """Nothing is put."""
    client = FakeEvents()
    with pytest.raises(PublishError, match=r"battleshiper\.build big .* at most"):
        bus(client).publish([*events(1), Event(EventType.BUILD, {"text": "x" * 300_000}, id="big")])
    assert client.calls == []


def test_what_failed_is_put_again_alone():
    """As often as it takes, with pauses that grow."""
    client, pauses = FakeEvents({1: "ThrottlingException", 3: "InternalFailure"}, {1: "InternalFailure"}), []
    bus(client, pauses).publish(events(5))
    assert client.ids == [["e0", "e1", "e2", "e3", "e4"], ["e1", "e3"], ["e3"]]
    assert 0.05 <= pauses[0] <= 0.1 <= pauses[1] <= 0.2


def test_what_fails_again_and_again_is_an_error():
    """It says how many and why; what comes behind is not tried."""
    client = FakeEvents(*[{0: "InternalFailure"}] * 5)
    with pytest.raises(PublishError, match="did not take 1 events: InternalFailure") as raised:
        bus(client).publish(events(12))
    assert raised.value.count == 1
    assert [len(entries) for entries in client.calls] == [10, 1, 1, 1, 1]


@pytest.mark.parametrize(
    "error",
    [
        ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "PutEvents"),
        EndpointConnectionError(endpoint_url="https://events"),
    ],
)
def test_a_call_that_fails_is_an_error(error: Exception):
    """The client has tried again by itself."""
    client = FakeEvents(error)
    with pytest.raises(PublishError, match="did not take 2 events"):
        bus(client).publish(events(2))
    assert len(client.calls) == 1
