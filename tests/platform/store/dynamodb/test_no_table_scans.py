"""What the platform does all the time costs the same however much it has kept."""

import asyncio
from datetime import timedelta

from aws.dynamo_platform import deployment, project

from battleshiper.platform.model.delivery import Delivery
from battleshiper.platform.model.deployment import State
from battleshiper.platform.store.port import Acceptance, Claim, Report

KNOWN = {"get_item", "batch_get_item", "query", "put_item", "update_item", "batch_write_item", "transact_write_items"}


def push(platform, number: int) -> None:
    """Take a push all the way."""
    id_, store, later = f"x{number}", platform.store, platform.clock() + timedelta(hours=1)

    def plan(known) -> Acceptance:
        (found,) = known.projects_of_repository(1)
        known.rivals(found.id, "main")
        return Acceptance(Delivery(f"push{number}", "push", "o/r", platform.clock(), ()), deployments=[deployment(id_)])

    asyncio.run(store.decide_soon(f"push{number}", plan))
    store.spend_ticket(f"t{number}", "e", later)
    store.deployments("p1", branch="main", limit=1)
    store.add_claim(Claim(f"c{number}", id_, later))
    store.spend_claim(f"c{number}")
    live = store.advance(store.advance(store.deployment(id_), State.BUILDING), State.DEPLOYING)
    live = store.go_live(live, own=id_, moving=["shop"], url="https://shop.example", function=None)
    store.move_alias("shop", live)
    store.save_report(Report(id_, live.version, 7))
    store.report(id_)
    store.deployments("p1", limit=1)
    store.deployments(limit=1)
    store.deliveries(limit=1)
    store.unfinished()
    platform.relay.publish_left(timedelta(0))


def fill(platform, first: int, last: int) -> None:
    """Let the table hold other pushes, so many that every partition of a listing has some."""
    for number in range(first, last):
        of_branch = [deployment(f"s{number}-{each}", state=State.SKIPPED) for each in range(4)]
        of_others = [deployment(f"y{number}-{each}", f"p{number}", state=State.SKIPPED) for each in range(4)]
        new = project(number, f"shop-{number}")
        platform.deliver(f"d{number}", projects=[new], deployments=[*of_branch, *of_others])


def test_a_push_costs_the_same_with_much_in_the_table(platform):
    """The same calls read the same number of rows, by key, when the table holds several times as much; no call is of
    another kind than those, and none reads rows to throw them away."""
    fill(platform, 10, 30)
    push(platform, 1)
    first = cost(platform)
    fill(platform, 30, 70)
    push(platform, 2)
    assert cost(platform) == first


def cost(platform) -> dict[str, int]:
    """Return how many calls the last push took, by method, and how many rows all its queries read."""
    calls = list(platform.client.calls)
    begin = max(index for index, (_, asked, _) in enumerate(calls) if "DELIVERY#push" in str(asked.get("Key")))
    counted = {"rows": 0}
    for method, asked, answer in calls[begin:]:
        assert method in KNOWN
        assert "FilterExpression" not in asked
        assert asked.get("ConsistentRead", True) or "IndexName" in asked
        counted[method] = counted.get(method, 0) + 1
        if method == "query":
            assert answer["ScannedCount"] == answer["Count"]
            assert "IndexName" in asked or asked["ConsistentRead"]
            counted["rows"] += answer["Count"]
    return counted
