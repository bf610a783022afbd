"""Whatever happens on the way, GitHub ends up showing what is true."""

from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from battleshiper.bot.github import GitHubUnavailableError
from battleshiper.platform.bus.port import RetryLaterError
from battleshiper.platform.model.deployment import State

World = Any
"""The fixture's class; tests cannot import from conftest."""

RANKS = {"queued": 0, "in_progress": 1, "success": 2, "failure": 2, "inactive": 3}
SHOWN = {State.READY: "success", State.FAILED: "failure"}
PLANS = st.sampled_from(
    [
        (State.BUILDING, State.DEPLOYING, State.READY),
        (State.BUILDING, State.FAILED),
        (State.BUILDING, State.SUPERSEDED),
        (State.CANCELED,),
        (State.BUILDING, State.DEPLOYING, State.FAILED),
    ]
)
METHODS = st.sampled_from(["set_status", "branch_head", "deployments_of", "create_deployment", "set_deployment_status"])
STEPS = st.lists(
    st.tuples(st.sampled_from(["advance", "report", "fail", "lose", "restart"]), st.integers(0, 2), METHODS),
    max_size=40,
)
ROUNDS = count()


class Once:
    """Fails the first time a method is called."""

    def __init__(self, method: str) -> None:
        self.method: str | None = method

    def __call__(self, method: str) -> None:
        """Fail, once."""
        if method == self.method:
            self.method = None
            raise GitHubUnavailableError("timeout")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plans=st.tuples(PLANS, PLANS, PLANS), steps=STEPS)
def test_github_converges(
    world: World, plans: tuple[tuple[State, ...], ...], steps: list[tuple[str, int, str]]
) -> None:
    """For any order of changes, reports, faults, lost answers and crashes: one GitHub Deployment per deployment, no
    state after a later one, the newest attempt's status on each commit, and one active production site."""
    number = next(ROUNDS)
    project = world.add_project(f"c{number}", repository_id=1000 + number)
    twice, once = f"{number:04d}a" * 8, f"{number:04d}b" * 8
    shas = [twice, twice, once]
    ids = [f"c{number}d{index}" for index in range(3)]
    world.github.heads["main"] = twice
    for identifier, sha in zip(ids, shas, strict=True):
        world.deploy(identifier, sha=sha, project=project)
    left = [list(plan) for plan in plans]

    def advance(index: int) -> None:
        if left[index]:
            url = f"http://{ids[index]}" if left[index][0] is State.READY else None
            world.store.advance(world.store.deployment(ids[index]), left[index].pop(0), url=url)

    def report(index: int) -> bool:
        try:
            world.report(ids[index])
        except RetryLaterError:
            world.wait(301)
            return False
        return True

    for what, index, method in steps:
        world.github.before = Once(method) if what == "fail" else lambda _: None
        world.github.after = Once(method) if what == "lose" else lambda _: None
        if what == "advance":
            advance(index)
        elif what == "restart":
            world.reporter = world.restarted()
        else:
            report(index)
    world.github.before = world.github.after = lambda _: None
    for index in range(3):
        while left[index]:
            advance(index)
        while not report(index):
            pass

    made: dict[str, list[list[str]]] = {identifier: [] for identifier in ids}
    for found in world.github.deployments:
        if found.new.deployment_id in made:
            made[found.new.deployment_id].append([status.state.value for status in found.statuses])
    ends = [world.store.deployment(identifier).state for identifier in ids]
    for identifier, end in zip(ids, ends, strict=True):
        assert len(made[identifier]) <= 1
        assert made[identifier] or end not in SHOWN
        for states in made[identifier]:
            ranks = [RANKS[state] for state in states]
            assert ranks == sorted(ranks)
    shown = {sha: status.state.value for sha, status in world.github.statuses}
    assert shown[twice] == SHOWN.get(ends[1], "success")
    assert shown[once] == SHOWN.get(ends[2], "success")
    active = [identifier for identifier in ids for states in made[identifier] if states[-1] == "success"]
    ready = [identifier for identifier, end in zip(ids, ends, strict=True) if end is State.READY]
    assert active == ready[-1:]
