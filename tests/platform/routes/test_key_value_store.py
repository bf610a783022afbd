"""What a store with one ETag for all asks for: few and small updates, in an order that is never wrong, and patience."""

from collections import Counter
from random import Random

import pytest
from aws.key_value_store import ARN, FakeKeyValueStore
from aws.virtual_time import VirtualTime
from botocore.exceptions import ClientError

from battleshiper.platform.model.shortage import ShortageError
from battleshiper.platform.routes.key_value_store import KeyValueStoreRoutes
from battleshiper.platform.routes.port import RoutesBusyError


@pytest.fixture
def store() -> FakeKeyValueStore:
    """An empty store."""
    return FakeKeyValueStore()


@pytest.fixture
def pauses() -> list[float]:
    """How long was waited."""
    return []


@pytest.fixture
def routes(store, pauses) -> KeyValueStoreRoutes:
    """Routes in the store."""
    return KeyValueStoreRoutes(store, ARN, pause=pauses.append, chance=lambda: 0.5)


def overtake(store: FakeKeyValueStore, times: int, code: str = "ConflictException", message: str = "") -> None:
    """Let somebody else be faster before each of the next updates."""
    update = store.update_keys
    left = [times]

    def overtaken(**given):
        if left[0]:
            left[0] -= 1
            store.calls.append("UpdateKeys")
            raise ClientError({"Error": {"Code": code, "Message": message}}, "UpdateKeys")
        return update(**given)

    store.update_keys = overtaken


def test_what_is_there_already_costs_no_update(store, routes):
    """A step that is repeated takes nobody's turn."""
    routes.write({"shop": "1", "d1/0": "t"})
    before = store.etag
    routes.write({"shop": "1", "d1/0": "t", "gone": None})
    routes.rebuild({"shop": "1", "d1/0": "t"})
    assert store.etag == before


def test_a_write_is_one_step_up_to_fifty_keys(store, routes):
    """And as few as possible above."""
    routes.write({f"k{number}": "x" for number in range(50)})
    assert len(store.updates) == 1
    routes.write({f"k{number}": "y" for number in range(50)} | {f"n{number}": "x" for number in range(51)})
    assert [len(puts) for puts, _ in store.updates] == [50, 50, 50, 1]


def test_no_hostname_points_to_a_table_that_is_not_there(store, routes):
    """Tables come before the hostnames that need them and go after these, also when they take several updates."""
    routes.write({"old": "r"} | {f"old/{number}": "t" for number in range(60)})
    routes.rebuild({"new": "r"} | {f"new/{number}": "t" for number in range(60)})
    changes = [(key, key in puts) for puts, deletes in store.updates for key in (*puts, *deletes)]
    place = {change: number for number, change in enumerate(changes)}
    for name in ("old", "new"):
        assert all(place[f"{name}/{number}", True] < place[name, True] for number in range(60))
    assert all(place["old", False] < place[f"old/{number}", False] for number in range(60))
    assert place["new", True] < place["old", False]


@pytest.mark.parametrize(
    ("code", "message"),
    [("ConflictException", ""), ("ValidationException", "Pre-Condition failed during update-keys.")],
)
def test_who_was_overtaken_waits_and_tries_again(store, routes, pauses, code, message):
    """For longer and longer, up to a limit, and for a random part of that."""
    overtake(store, 7, code, message)
    routes.write({"shop": "1"})
    assert store.entries == {"shop": "1"}
    assert pauses == [0.25, 0.5, 1.0, 2.0, 4.0, 5.0, 5.0]


def test_conflicts_are_told(store):
    """Each, of a write and of a rebuild, and nothing else."""
    told = []
    routes = KeyValueStoreRoutes(store, ARN, tell_conflict=lambda: told.append(1), pause=lambda _: None)
    routes.write({"shop": "1"})
    assert told == []
    overtake(store, 3)
    routes.write({"shop": "2"})
    assert len(told) == 3
    overtake(store, 2)
    routes.rebuild({"shop": "3"})
    assert len(told) == 5


def test_a_rebuild_that_was_overtaken_looks_again(store, routes):
    """At what the other one has written."""
    routes.write({"old": "1"})
    describe = store.describe_key_value_store

    def write_meanwhile(**given):
        answer = describe(**given)
        store.describe_key_value_store = describe
        routes.write({"meanwhile": "1"})
        return answer

    store.describe_key_value_store = write_meanwhile
    routes.rebuild({"new": "1"})
    assert store.entries == {"new": "1"}


def test_who_never_gets_a_turn_says_so(store, routes):
    """The event comes again later."""
    overtake(store, 1000)
    with pytest.raises(RoutesBusyError, match="40 attempts"):
        routes.write({"shop": "1"})
    with pytest.raises(RoutesBusyError):
        routes.rebuild({"shop": "1"})


def test_another_fault_is_not_repeated(store, routes, pauses):
    """A request that is wrong stays wrong."""
    overtake(store, 1, "ValidationException", "Validation failed.")
    with pytest.raises(ClientError, match="Validation failed"):
        routes.write({"shop": "1"})
    assert pauses == []


def test_a_full_store_is_the_operators_to_mend(pauses):
    """The owner learns whom to ask, the operator what to do."""
    routes = KeyValueStoreRoutes(FakeKeyValueStore(max_bytes=10), ARN, pause=pauses.append)
    with pytest.raises(ShortageError, match=r"holds 5 MB.*Delete projects") as caught:
        routes.write({"shop": "0123456789"})
    assert "no room left" in caught.value.for_owner
    assert pauses == []


def test_a_missing_right_is_the_operators_to_mend(store, routes):
    """With the name of the call."""
    overtake(store, 1, "AccessDeniedException", "not authorized")
    with pytest.raises(ShortageError, match=r"UpdateKeys.*not authorized.*Deploy the stack again"):
        routes.write({"shop": "1"})


def test_a_store_that_fills_up_is_told_of_in_time(store, routes, caplog):
    """From four fifths on."""
    routes.write({f"k{number}": "x" * 1000 for number in range(4000)})
    assert not caplog.records
    routes.write({f"more{number}": "x" * 1000 for number in range(300)})
    assert "nearly full" in caplog.text


def test_fifty_writers_at_once_all_land():
    """Each in about four updates, if describing takes 50 ms and an update 200 ms: no lease is needed. The same every
    time, because the time is not real."""
    time = VirtualTime()
    store = FakeKeyValueStore(time.sleep, connections=1)

    def writer(number: int):
        routes = KeyValueStoreRoutes(store, ARN, pause=time.sleep, chance=Random(number).random)
        return lambda: routes.write({f"site-{number}": "r", f"site-{number}-git-main": "r", f"d{number}/0": "t"})

    time.run([writer(number) for number in range(50)])
    assert len(store.entries) == 150
    assert Counter(store.calls)["UpdateKeys"] == Counter(store.calls)["DescribeKeyValueStore"] < 5 * 50
    assert time.now < 60
