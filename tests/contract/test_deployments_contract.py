"""Every store keeps to these: deployments and their states."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import product

import pytest

from battleshiper.platform.model.delivery import Delivery
from battleshiper.platform.model.deployment import Commit, Environment, Origin, State
from battleshiper.platform.model.event import Event, EventType
from battleshiper.platform.store.port import ConflictError


@pytest.fixture(autouse=True)
def _projects(store, samples, clock):
    delivery = Delivery("d0", "installation.created", None, clock(), ())
    store.accept(delivery, projects=[samples.project(1), samples.project(2, "other")])


def test_a_deployment_is_kept_as_it_was(store, samples, clock):
    """The commit comes back with all that was pushed, any text included."""
    commit = Commit("b" * 64, '-x"$(id)`🚢\u202e', "line\n\0two", "Zoë", "c" * 40, 1_700_000_000)
    new = samples.deployment("x1", commit=commit, environment=Environment.PREVIEW, origin=Origin.REDEPLOY)
    made = store.create_deployment(new)
    assert (made.commit, made.environment, made.origin) == (commit, Environment.PREVIEW, Origin.REDEPLOY)
    assert (made.state, made.reason, made.version, made.url, made.function) == (State.QUEUED, "", 1, None, None)
    assert made.created_at == made.updated_at == clock()
    assert (made.building_at, made.deploying_at, made.finished_at) == (None, None, None)
    assert store.deployment("x1") == made


def test_broken_text_is_kept_as_far_as_it_can_be(store, samples):
    """Half a surrogate pair is no reason to lose a push, and its branch is found by the same name."""
    commit = Commit("b" * 40, "wip-\ud83d", "\udc00", "\ud83d")
    store.create_deployment(samples.deployment("x1", commit=commit))
    (found,) = store.deployments("p1", branch="wip-\ud83d")
    assert found.commit.branch == "wip-?"


def test_numbers_count_up_within_a_project(store, samples):
    """Twenty threads create deployments: each gets a number of its own, without gaps."""
    with ThreadPoolExecutor(20) as pool:
        pool.map(lambda n: store.create_deployment(samples.deployment(f"x{n}", f"p{n % 2 + 1}")), range(40))
    for project in ("p1", "p2"):
        numbers = [deployment.number for deployment in store.deployments(project)]
        assert numbers == list(range(20, 0, -1))


def test_an_id_is_used_once(store, samples):
    """The second deployment of an id is refused, and its number is not wasted."""
    store.create_deployment(samples.deployment("x1"))
    with pytest.raises(ConflictError):
        store.create_deployment(samples.deployment("x1"))
    assert store.create_deployment(samples.deployment("x2")).number == 2


def test_deployments_are_found_by_project_and_branch(store, samples):
    """Newest first, and no more than asked for."""
    for number, (project, branch) in enumerate(product(("p1", "p2"), ("main", "next"))):
        store.create_deployment(samples.deployment(f"x{number}", project, commit=Commit("a" * 40, branch)))
    assert [each.id for each in store.deployments()] == ["x3", "x2", "x1", "x0"]
    assert [each.id for each in store.deployments(limit=1)] == ["x3"]
    assert [each.id for each in store.deployments("p1")] == ["x1", "x0"]
    assert [each.id for each in store.deployments("p2", branch="main")] == ["x2"]
    assert [each.id for each in store.deployments(branch="next")] == ["x3", "x1"]
    assert store.deployments("p1", branch="gone") == []


def test_a_deployment_goes_its_way(store, samples, clock, changes):
    """Each state is stamped, told once and kept; the address and the function come with `ready`."""
    deployment = store.create_deployment(samples.deployment("x1"))
    times = {}
    for state in (State.BUILDING, State.DEPLOYING, State.READY):
        clock.advance(10)
        times[state] = clock()
        address = "https://shop.example" if state is State.READY else None
        deployment = store.advance(deployment, state, reason=f"Now {state}.", url=address, function=address and "f1")
    assert deployment == store.deployment("x1")
    assert (deployment.state, deployment.version, deployment.reason) == (State.READY, 4, "Now ready.")
    assert (deployment.url, deployment.function) == ("https://shop.example", "f1")
    assert deployment.building_at == times[State.BUILDING]
    assert deployment.deploying_at == times[State.DEPLOYING]
    assert deployment.finished_at == deployment.updated_at == times[State.READY]
    told = changes.wait_for(4)
    assert [(event.detail["version"], event.detail["state"]) for event in told] == [
        ("1", "queued"),
        ("2", "building"),
        ("3", "deploying"),
        ("4", "ready"),
    ]
    assert {event.group for event in told} == {f"report:p1:{'a' * 40}"}


def test_only_the_unfinished_are_unfinished(store, samples):
    """Oldest first, without those in a final state from the start."""
    first, second = (store.create_deployment(samples.deployment(name)) for name in ("x1", "x2"))
    store.create_deployment(samples.deployment("x3", state=State.SKIPPED))
    assert [each.id for each in store.unfinished()] == ["x1", "x2"]
    store.advance(first, State.CANCELED)
    assert [each.id for each in store.unfinished()] == [second.id]


def test_one_of_many_advances_a_deployment(store, samples, changes, bus_under_test):
    """Twenty threads move the same deployment to different ends: one does, and one end is told."""
    deployment = store.create_deployment(samples.deployment("x1"))
    ends = [State.BUILDING, State.FAILED, State.CANCELED, State.SUPERSEDED] * 5

    def advance(state: State) -> State | None:
        try:
            return store.advance(deployment, state, events=[Event(EventType.DEPLOY, {"state": state.value})]).state
        except ConflictError:
            return None

    with ThreadPoolExecutor(20) as pool:
        (end,) = [state for state in pool.map(advance, ends) if state]
    assert (store.deployment("x1").state, store.deployment("x1").version) == (end, 2)
    assert [event.detail["state"] for event in changes.wait_for(2)] == ["queued", end.value]


@pytest.mark.parametrize("state", [state for state in State if not State.QUEUED.may_become(state)])
def test_a_state_only_moves_forward(store, samples, state, bus_under_test):
    """A step that is not allowed is refused, and nothing of it is kept."""
    deployment = store.create_deployment(samples.deployment("x1"))
    before = bus_under_test.pending()
    with pytest.raises(ValueError, match="cannot become"):
        store.advance(deployment, state, events=[Event(EventType.DEPLOY, {})])
    assert store.deployment("x1") == deployment
    assert bus_under_test.pending() == before


def test_what_is_gone_does_not_advance(store, samples):
    """A deployment whose project was deleted meanwhile is in conflict."""
    deployment = store.create_deployment(samples.deployment("x1"))
    store.delete_project("p1")
    with pytest.raises(ConflictError):
        store.advance(deployment, State.BUILDING)


def test_an_initial_deployment_is_the_first_of_its_branch(store, samples):
    """A push that was faster stays the newest of its branch; another branch's does not matter."""
    store.create_deployment(samples.deployment("x1", commit=Commit("a" * 40, "other")))
    store.create_deployment(samples.deployment("x2", commit=Commit("b" * 40, "main"), origin=Origin.INITIAL))
    with pytest.raises(ConflictError, match="main"):
        store.create_deployment(samples.deployment("x3", commit=Commit("c" * 40, "main"), origin=Origin.INITIAL))
    assert [each.id for each in store.deployments("p1")] == ["x2", "x1"]


def test_skipped_pushes_are_no_first_deployment(store, samples):
    """A project whose first pushes asked to be skipped still gets the deployment that it begins with."""
    for number in range(3):
        store.create_deployment(samples.deployment(f"s{number}", state=State.SKIPPED))
    first = store.create_deployment(samples.deployment("x1", origin=Origin.INITIAL))
    assert (first.number, first.state) == (4, State.QUEUED)
    with pytest.raises(ConflictError, match="main"):
        store.create_deployment(samples.deployment("x2", origin=Origin.INITIAL))


def test_a_build_may_end_as_skipped(store, samples, changes):
    """With its reason and its time, told once, and for good."""
    building = store.advance(store.create_deployment(samples.deployment("x1")), State.BUILDING)
    skipped = store.advance(building, State.SKIPPED, reason="Skipped: nothing changed.")
    assert skipped == store.deployment("x1")
    assert (skipped.state, skipped.reason, skipped.version) == (State.SKIPPED, "Skipped: nothing changed.", 3)
    assert skipped.finished_at == skipped.updated_at
    assert store.unfinished() == []
    assert [event.detail["state"] for event in changes.wait_for(3)] == ["queued", "building", "skipped"]
    for state in State:
        with pytest.raises(ValueError, match="cannot become"):
            store.advance(skipped, state)


@pytest.fixture
def lend(store, samples, clock):
    """Makes a deployment that is ready, of a tree."""

    def lend(id_: str, tree: str = "1" * 40, branch: str = "next", *, is_portable: bool = True, project: str = "p1"):
        new = samples.deployment(id_, project, commit=Commit("a" * 40, branch, tree=tree))
        deployment = store.create_deployment(new)
        deployment = store.advance(deployment, State.DEPLOYING)
        return store.go_live(
            deployment,
            own=id_,
            moving=[],
            url=f"https://{id_}",
            function=None,
            reason="As before.",
            is_portable=is_portable,
        )

    return lend


def test_the_newest_build_of_the_same_files_is_lent(store, lend, clock):
    """Ready and portable, of the same project, tree and trust; and noted as shown, so that it stays."""
    first, second = lend("x1"), lend("x2")
    assert (second.state, second.reason, second.commit.tree) == (State.READY, "As before.", "1" * 40)
    lend("x3", is_portable=False)
    lend("x4", "2" * 40)
    outside = lend("x5", branch="refs/pull/7/head")
    lend("y1", project="p2")
    clock.advance(60)
    asked = replace(first, id="x9")
    assert store.borrow(asked).id == "x2"
    assert store.deployment("x2").shown_at == clock()
    assert store.borrow(replace(asked, commit=outside.commit)).id == "x5"
    store.expire(store.deployment("x2"), {"x2"})
    assert store.borrow(asked).id == "x1"
    for tree in ("", "3" * 40):
        assert store.borrow(replace(asked, commit=replace(first.commit, tree=tree))) is None
    store.delete_project("p1")
    assert store.borrow(asked) is None
