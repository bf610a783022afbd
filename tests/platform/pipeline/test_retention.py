"""What is old is forgotten, however much of it there is; what is needed stays."""

from datetime import datetime, timedelta

import pytest

from battleshiper.platform.logs.port import LogKind
from battleshiper.platform.model.deployment import State
from battleshiper.platform.pipeline.retention import Forgetting

KEPT = timedelta(days=30)


class Pile:
    """Many old things of each kind."""

    def __init__(self, size: int) -> None:
        self.left = {"deliveries": size, "spent": size, "dead letters": size, "failures": size}
        self.without_logs: set[str] = set()
        self.largest = 0
        self.asked: set[datetime] = set()

    def _forget(self, kind: str, before: datetime, limit: int) -> int:
        self.asked.add(before)
        count = min(limit, self.left[kind])
        self.largest = max(self.largest, count)
        self.left[kind] -= count
        return count

    def forget_deliveries(self, before: datetime, limit: int) -> int:
        return self._forget("deliveries", before, limit)

    def failures(self, before: datetime, limit: int) -> list[str]:
        self.asked.add(before)
        return [f"x{number}" for number in range(self.left["failures"])][-limit:]

    def delete(self, deployment_id: str) -> None:
        self.without_logs.add(deployment_id)

    def forget_failures(self, ids: list[str]) -> None:
        assert set(ids) <= self.without_logs
        self.left["failures"] -= len(ids)

    def forget_spent(self, before: datetime, limit: int) -> int:
        return self._forget("spent", before, limit)

    def forget_dead_letters(self, before: datetime, limit: int) -> int:
        return self._forget("dead letters", before, limit)


@pytest.mark.parametrize("size", [0, 1, 500, 1234])
def test_all_of_it_in_small_batches(world, size: int) -> None:
    """Everything old goes, a few hundred at a time."""
    pile = Pile(size)
    now = world.now
    assert Forgetting(pile, pile, pile, KEPT, lambda: now).forget() == 4 * size  # type: ignore[arg-type]
    assert set(pile.left.values()) == {0}
    assert pile.largest <= 500
    assert pile.asked == {now - KEPT}


def test_a_platform_that_grows_old(world) -> None:
    """After years the site that is live, its record and a deployment that waits are as they were, and one that failed
    is gone with its log."""
    live, (failed, _) = world.deploy(), world.push("c" * 40, "feature")
    world.store.advance(failed, State.FAILED)
    world.logs.append(failed.id, LogKind.BUILD, "no")
    world.push("b" * 40, "feature")
    world.claims.issue(world.store.unfinished()[0].id)
    routes = world.all_routes()
    world.now += timedelta(days=1000)
    assert Forgetting(world.store, world.bus, world.logs, KEPT, world.clock).forget() > 0
    assert failed.id not in {deployment.id for deployment in world.store.deployments()}
    assert world.left_logs() == [live.id]
    assert world.store.deployment(live.id).state is State.READY
    assert world.all_routes() == routes
    assert world.routing.rebuild() == 3
    assert len(world.store.unfinished()) == 1
