"""Many deployments that write their routes at once: the real writer, over a store with one ETag, in simulated time."""

from collections import Counter
from dataclasses import dataclass
from functools import partial
from random import Random

from aws.key_value_store import ARN, FakeKeyValueStore  # type: ignore[import-not-found]  # the tests' own
from aws.virtual_time import VirtualTime  # type: ignore[import-not-found]

from battleshiper.platform.routes.key_value_store import KeyValueStoreRoutes
from benchmarks.scale.site import Site


@dataclass(frozen=True, slots=True)
class RouteWriting:
    """What it took until all were through."""

    deployments: int
    seconds: float
    calls: int
    updates: int
    overtaken: int
    """Updates that failed because somebody else was faster."""
    landed: bool
    """Whether the store holds all that was written."""


def count_removal(site: Site) -> int:
    """Return how many calls it takes to remove the routes of a deployment that has expired: its own hostname and its
    tables, as `pipeline.routing` removes them."""
    store = FakeKeyValueStore(connections=1)
    routes = KeyValueStoreRoutes(store, ARN)
    keys = ["shop-d", *site.tables]
    routes.rebuild(dict.fromkeys(keys, "x"))
    store.calls.clear()
    routes.write(dict.fromkeys(keys))
    assert store.entries == {}  # noqa: S101 - the benchmark's own check
    return len(store.calls)


def simulate_route_writers(deployments: int, site: Site) -> RouteWriting:
    """Let so many deployments go live in the same moment, each in a process of its own: tables first, then the
    hostnames with the tables once more, as `pipeline.routing` writes them. Each call takes the time that the fake
    says."""
    time = VirtualTime()
    store = FakeKeyValueStore(time.sleep, connections=1)
    expected: dict[str, str] = {}

    def go_live(number: int) -> None:
        chance = Random(number).random  # noqa: S311 - the same every time
        routes = KeyValueStoreRoutes(store, ARN, pause=time.sleep, chance=chance)
        tables = {f"d{number}/{index}": value for index, value in enumerate(site.tables.values())}
        labels = dict.fromkeys((f"shop{number}", f"shop{number}-git-main", f"shop{number}-d{number}"), site.record)
        expected.update(tables, **labels)
        routes.write(tables)
        routes.write({**labels, **tables})

    time.run([partial(go_live, number) for number in range(deployments)])
    calls = Counter(store.calls)
    updates = calls["UpdateKeys"]
    return RouteWriting(
        deployments,
        time.now,
        calls.total(),
        updates,
        updates - deployments * (-(-len(site.tables) // 50) + 1),
        store.entries == expected,
    )
