"""Which deployments expire: the live one never, the rest by time and by count, and no decision is taken back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battleshiper.platform.model.deployment import Commit, Deployment, Environment, Origin, State
from battleshiper.platform.model.expiry import QUIET_BRANCHES, RECENT, Keeping, due, last_shown

NOW = datetime(2026, 6, 1, tzinfo=UTC)
DAY = timedelta(days=1)
KEEPING = Keeping(30 * DAY, 2)


def deployment(number: int, age: float, environment: Environment = Environment.PREVIEW, **values: object) -> Deployment:
    """Return a deployment that became ready so many days ago."""
    then = NOW - age * DAY
    given = {"state": State.READY, "finished_at": then, **values}
    return Deployment(
        f"d{number}", "p1", number, Commit("a" * 40, "main"), environment, Origin.PUSH,
        reason="", version=4, url="https://x", function=None, created_at=then, updated_at=then, **given,  # type: ignore[arg-type]
    )  # fmt: skip


def production(*ages: float) -> list[Deployment]:
    """Return production deployments, oldest first."""
    return [deployment(number, age, Environment.PRODUCTION) for number, age in enumerate(ages, 1)]


def ids(deployments: list[Deployment], **given: object) -> list[str]:
    """Return the ids of those that are due."""
    values = {"live": (), "branch_heads": (), "now": NOW, "keeping": KEEPING, **given}
    return [each.id for each in due(deployments, **values)]  # type: ignore[arg-type]


@pytest.mark.parametrize(("age", "expected"), [(29.9, []), (30.1, ["d1"])])
def test_previews_go_in_time(age: float, expected: list[str]) -> None:
    """A preview goes when it has not been shown for longer than previews are kept."""
    assert ids([deployment(1, age)]) == expected


@pytest.mark.parametrize(("age", "expected"), [(30.1, []), (89.9, []), (90.1, ["d1"])])
def test_the_newest_of_a_branch(age: float, expected: list[str]) -> None:
    """It stays three times as long, and goes with a branch that nobody pushes to any more."""
    assert ids([deployment(1, age)], branch_heads={"d1"}) == expected


def test_a_preview_that_was_shown_again() -> None:
    """What counts is when a hostname last left it, not when it was built."""
    assert ids([deployment(1, 500, shown_at=NOW - 20 * DAY)]) == []


def test_production_goes_by_count() -> None:
    """The newest stay however old they are."""
    assert ids(production(900, 800, 700, 600)) == ["d1", "d2"]


def test_what_is_live_stays() -> None:
    """Also when many newer ones are there, as after a rollback, and also when it is a preview."""
    assert ids(production(900, 800, 700, 600), live={"d1"}) == ["d2"]
    assert ids([deployment(1, 500)], live={"d1"}) == []


def test_what_was_live_today_stays() -> None:
    """After a busy day, or a rollback that was taken back, there is a day to think again."""
    assert ids(production(0.5, 0.4, 0.3, 0.2)) == []
    shown = replace(production(900)[0], shown_at=NOW - timedelta(hours=3))
    assert ids([shown, *production(900, 800, 700, 600)[1:]]) == ["d2"]


def test_previews_do_not_count_as_production() -> None:
    """Many previews push no production deployment out."""
    previews = [deployment(number, 1.5) for number in range(10, 20)]
    assert ids([*production(900, 800), *previews]) == []


@pytest.mark.parametrize("state", [state for state in State if state is not State.READY])
def test_only_what_is_ready(state: State) -> None:
    """What never was served has nothing that could expire."""
    assert ids([deployment(1, 500, state=state)]) == []


ages = st.floats(0, 400, allow_nan=False)
moments = st.none() | ages.map(lambda age: NOW - age * DAY)
histories = st.lists(st.tuples(ages, st.sampled_from(Environment), moments, st.booleans()), max_size=20).map(
    lambda given: [
        deployment(number, age, environment, shown_at=shown_at, expired_at=NOW if expired else None)
        for number, (age, environment, shown_at, expired) in enumerate(given, 1)
    ]
)
some = st.sets(st.integers(1, 20).map(lambda number: f"d{number}"))
keepings = st.builds(Keeping, st.integers(1, 200).map(lambda days: days * DAY), st.integers(1, 12))


@given(histories, some, some, keepings)
def test_what_stays_and_what_goes(history, live, heads, keeping) -> None:
    """Nothing live or lately shown goes; what is left is no more than wanted, but for those; nothing goes twice."""
    gone = due(history, live=live, branch_heads=heads, now=NOW, keeping=keeping)
    for each in gone:
        assert each.id not in live
        assert each.expired_at is None
        assert NOW - last_shown(each) > RECENT
    left = [each for each in history if each.expired_at is None and each not in gone]
    spared = [each for each in left if each.id in live or NOW - last_shown(each) <= RECENT]
    plain = [each for each in left if each not in spared]
    assert sum(each.environment is Environment.PRODUCTION for each in plain) <= keeping.production
    for each in plain:
        if each.environment is Environment.PREVIEW:
            assert NOW - last_shown(each) <= keeping.previews * (QUIET_BRANCHES if each.id in heads else 1)


@given(histories, some, some, keepings)
def test_doing_it_twice(history, live, heads, keeping) -> None:
    """Once all that was due is gone, nothing more is due."""
    gone = due(history, live=live, branch_heads=heads, now=NOW, keeping=keeping)
    after = [replace(each, expired_at=NOW) if each in gone else each for each in history]
    assert due(after, live=live, branch_heads=heads, now=NOW, keeping=keeping) == []


@given(histories, some, some, keepings, st.integers(0, 300), st.integers(0, 5))
def test_no_decision_is_taken_back(history, live, heads, keeping, days, fewer) -> None:
    """What is due is so later, with less to be kept, and when more was deployed since."""
    before = ids(history, live=live, branch_heads=heads, keeping=keeping)
    later = NOW + days * DAY
    less = Keeping(keeping.previews, max(1, keeping.production - fewer))
    more = [*history, deployment(100, 0, Environment.PRODUCTION)]
    for other in (
        ids(history, live=live, branch_heads=heads, keeping=keeping, now=later),
        ids(history, live=live, branch_heads=heads, keeping=less),
        ids(more, live=live, branch_heads=heads, keeping=keeping),
    ):
        assert set(before) <= set(other)
