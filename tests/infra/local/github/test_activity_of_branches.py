"""What was done to branches, over the API."""

from typing import Any


def test_what_was_done(installation: Any, person: Any) -> None:
    """Made, pushed to, forced and deleted; the latest first, by whom, and only what is asked for."""
    one = person.commit("a", "1\n", "One")
    person.push("HEAD:refs/heads/main")
    two = person.commit("b", "2\n", "Two")
    person.push("HEAD:refs/heads/main")
    person.push("HEAD:refs/heads/next")
    person.push("--force", f"{one}:refs/heads/next")
    person.push("--delete", "next")
    none = "0" * 40
    told = [(each["activity_type"], each["before"], each["after"]) for each in activity(installation)]
    assert told == [
        ("branch_deletion", one, none),
        ("force_push", two, one),
        ("branch_creation", none, two),
        ("push", one, two),
        ("branch_creation", none, one),
    ]
    assert {each["actor"]["login"] for each in activity(installation)} == {"me"}
    assert [each["ref"] for each in activity(installation, ref="main")] == ["refs/heads/main"] * 2
    assert len(activity(installation, activity_type="branch_creation", time_period="day")) == 2
    first = installation.ask("GET", "/repos/me/site/activity", per_page=2)
    cursor = first.json()[-1]["id"]
    assert f"after={cursor}" in first.headers["link"]
    assert max(each["id"] for each in activity(installation, per_page=2, after=cursor)) < cursor


def test_what_makes_no_sense(installation: Any, person: Any) -> None:
    """Is refused as GitHub refuses it."""
    person.commit("a", "1\n", "One")
    person.push("HEAD:refs/heads/main")
    for query in ({"activity_type": "dance"}, {"time_period": "hour"}, {"after": "x"}):
        assert installation.ask("GET", "/repos/me/site/activity", **query).status_code == 422


def activity(installation: Any, **query: object) -> list[dict[str, Any]]:
    """Return what was done."""
    found: list[dict[str, Any]] = installation.get("/repos/me/site/activity", **query)
    return found
