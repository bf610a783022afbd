"""A limit that is reached: seen on the commit, in no one's way, and gone when it is raised."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from e2e.harness import Platform, until

from battleshiper.infra.local.running import run
from battleshiper.infra.local.settings import Settings


@pytest.fixture
def platform(tmp_path: Path):
    """A platform of its own: a limit is of the account, and so of all its repositories."""
    with ExitStack() as stack:
        platform = Platform(stack.enter_context(run(Settings(tmp_path / "data", port=0, github_port=0))), tmp_path)
        stack.callback(platform.close)
        yield platform


def test_a_limit_is_reached(platform: Platform) -> None:
    """The second build of a day is refused with a status that blocks nothing and says why; production stays; with a
    higher limit the same commit is built."""
    platform.client.put("/subscriptions/default", '{"daily_builds": 1}')
    checkout = platform.checkout("limited", "plain-html")
    site = platform.ready(checkout)
    before = site.get("/").text
    (checkout.folder / "index.html").write_text("more")
    refused = platform.deploy(checkout)
    reason = "Limit reached: 1 of 1 builds today on me; the next from 00:00 UTC on"
    assert (refused["state"], refused["reason"]) == ("skipped", reason)

    def told() -> Any:
        statuses, _ = platform.on_github("limited", refused["sha"])
        return statuses and (statuses[0]["state"], statuses[0]["description"]) == ("success", reason)

    until(told)
    assert site.get("/").text == before

    platform.client.put("/subscriptions/default", '{"daily_builds": 2}')
    platform.client.post("/projects/limited/redeploy", deployment=refused["id"])
    assert platform.follow(refused["sha"], number=2)["state"] == "ready"
    usage = {each["limit"]: each for each in platform.client.get("/projects/limited/usage")["uses"]}
    assert usage["daily_builds"] == {"limit": "daily_builds", "used": 2, "most": 2}
