"""What follows from a push whose message says to skip it."""

from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from battleshiper.platform.model.delivery import Delivery, Verdict
from battleshiper.platform.model.deployment import Commit, Environment, Origin, State
from battleshiper.platform.model.project import Project
from battleshiper.platform.store.port import NewDeployment, NewProject, Rival
from battleshiper.platform.store.sqlite.store import SqliteStore
from battleshiper.webhooks.push import choose

OLD, BASE, HEAD, NEXT = "0" * 39 + "1", "a" * 40, "b" * 40, "c" * 40


@pytest.fixture
def push(app: ASGIApp, store: SqliteStore, hub: Any, make_project: Callable[..., Project]) -> Callable[..., None]:
    """Deliver pushes to the one project of a real store."""
    made = make_project()
    new = NewProject(made.id, (made.name,), 99, 1, made.repository_id, made.repository)
    store.accept(Delivery("d0", "installation.created", None, made.created_at, ()), projects=[new])
    client = TestClient(app)
    count = 0

    def deliver(message: str = "Say hello", *, at: int = 1_700_000_000, **changes: Any) -> None:
        nonlocal count
        count += 1
        body = hub.push(head_commit={"message": message}, repository={"pushed_at": at}, **changes)
        headers = [(name.decode(), value.decode()) for name, value in hub.headers("push", body, f"delivery-{count}")]
        answer = client.post("/webhooks/github", content=body, headers=headers)
        assert answer.status_code == 202, answer.text

    return deliver


@pytest.mark.parametrize("message", ["Words\n\nand more [Skip CI]", "x" * 50_000 + "[skip ci]"])
def test_a_skipped_push_is_recorded_and_not_built(
    push: Callable[..., None], store: SqliteStore, mint: Any, message: str
) -> None:
    """It ends at once, with its reason in the delivery and for GitHub; nobody gets a ticket."""
    push(message)
    (deployment,) = store.deployments()
    assert (deployment.state, deployment.origin) == (State.SKIPPED, Origin.PUSH)
    assert deployment.reason == "Skipped: the commit message says [skip ci]"
    assert deployment.finished_at == deployment.created_at
    (decision,) = store.deliveries(1)[0].decisions
    assert (decision.verdict, decision.reason) == (Verdict.SKIP, deployment.reason)
    assert decision.deployment_id == deployment.id
    assert mint.grants == []


def test_a_push_without_a_head_commit_is_built(push: Callable[..., None], store: SqliteStore) -> None:
    """Where GitHub tells no message there is nothing that could ask to skip."""
    push("")
    assert store.deployments()[0].state is State.QUEUED


def test_only_the_head_commit_counts(push: Callable[..., None], store: SqliteStore) -> None:
    """What an earlier commit of the same push says was said of that commit."""
    push(commits=[{"id": BASE, "message": "[skip ci]"}])
    assert store.deployments()[0].state is State.QUEUED


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_skipped_push_leaves_the_others_alone_in_any_order(
    push: Callable[..., None], store: SqliteStore, order: tuple[int, ...]
) -> None:
    """What was pushed before the skipped commit is built, whichever webhook comes first; only a newer commit that is
    built itself may take its place."""
    pushes = [("One", OLD, BASE), ("Two [ci skip]", BASE, HEAD), ("Three", HEAD, NEXT)]
    for number in order:
        message, before, after = pushes[number]
        push(message, before=before, after=after, at=1_700_000_000 + number)
    states = {each.commit.sha: each.state for each in store.deployments()}
    late = order.index(0) > order.index(2)
    assert states == {BASE: State.SUPERSEDED if late else State.QUEUED, HEAD: State.SKIPPED, NEXT: State.QUEUED}


def test_the_same_push_is_skipped_once(push: Callable[..., None], store: SqliteStore) -> None:
    """Under another delivery id too: the commit has one end."""
    push("[skip ci]")
    push("[skip ci]")
    (deployment,) = store.deployments()
    assert store.deliveries(1)[0].decisions[0].reason == f"This push is skipped as deployment {deployment.id} already."


def test_a_redeployed_skip_is_not_skipped_by_its_own_push(push: Callable[..., None], store: SqliteStore) -> None:
    """A push that is told of once more does not take the status from the build that somebody asked for."""
    push("[skip ci]")
    skipped = store.deployments()[0]
    again = NewDeployment("again", skipped.project_id, skipped.commit, skipped.environment, Origin.REDEPLOY)
    store.create_deployment(again)
    push("[skip ci]")
    assert [each.state for each in store.deployments()] == [State.QUEUED, State.SKIPPED]


def test_many_skipped_pushes_hide_no_newer_one(push: Callable[..., None], store: SqliteStore) -> None:
    """An old push that arrives very late is superseded, however much was skipped since."""
    push(before=HEAD, after=NEXT, at=1_700_000_500)
    for number in range(12):
        push("[no ci]", before=NEXT, after=f"{number:040x}", at=1_700_000_600 + number)
    push(before=OLD, after=BASE, at=1_700_000_000)
    assert store.deployments()[0].state is State.SUPERSEDED


def test_a_project_whose_first_push_is_skipped_has_its_first_deployment(
    push: Callable[..., None], store: SqliteStore
) -> None:
    """A project begins with what its branch holds, whichever of the two comes first."""
    push("Begin [skip ci]", before="0" * 40)
    commit = Commit(HEAD, "main", pushed_at=1_700_000_000)
    store.create_deployment(NewDeployment("first", "p1", commit, Environment.PRODUCTION, Origin.INITIAL))
    assert store.deployment("first").state is State.QUEUED


def test_the_first_deployment_stands_for_a_skipped_push_too() -> None:
    """The status of what is built already is not replaced."""
    first = Rival("d1", HEAD, None, 0, Origin.INITIAL)
    choice = choose(Commit(HEAD, "main", pushed_at=5), [first], "[skip ci]")
    assert (choice.verdict, choice.state) == (Verdict.IGNORE, None)


def test_one_that_was_looked_at_stands_for_its_commit() -> None:
    """A commit whose build found that nothing had changed is newer than what was pushed before it."""
    unchanged = Rival("d1", NEXT, HEAD, 10, Origin.PUSH, is_skipped=False)
    assert choose(Commit(HEAD, "main", parent_sha=BASE, pushed_at=5), [unchanged]).state is State.SUPERSEDED
