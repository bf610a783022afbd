"""Every store keeps pull requests and retired branches in the same way."""

import asyncio
from dataclasses import replace

import pytest

from battleshiper.platform.model.delivery import Delivery
from battleshiper.platform.model.deployment import Commit, Environment, State
from battleshiper.platform.model.pull_request import PullRequest, Retirement, outside_branch
from battleshiper.platform.store.port import Acceptance, Alias, Comment, ConflictError, MissingError

PULL = PullRequest(1, 7, "next", "a" * 40, True, 1_000)
RETIREMENT = Retirement(1, "next", "Pull request #7 was merged.", 1_001)


@pytest.fixture(autouse=True)
def _projects(store, samples, clock):
    delivery = Delivery("d0", "installation.created", None, clock(), ())
    store.accept(delivery, projects=[samples.project(1), samples.project(2, "other")])


@pytest.fixture
def tell(store, clock):
    """Records a delivery with what it brings, which may depend on what is known."""
    count = 0

    def tell(decide=lambda _: {}, **brought):
        nonlocal count
        count += 1
        delivery = Delivery(f"told-{count}", "pull_request", None, clock(), ())
        asyncio.run(store.decide_soon(delivery.id, lambda known: Acceptance(delivery, **brought, **decide(known))))

    return tell


@pytest.fixture
def preview(samples):
    """Makes a ready preview of the branch `next`."""

    def preview(id_: str):
        commit = Commit("a" * 40, "next")
        new = samples.deployment(id_, commit=commit, environment=Environment.PREVIEW)
        deployment = samples.store.create_deployment(new)
        for state in (State.BUILDING, State.DEPLOYING):
            deployment = samples.store.advance(deployment, state)
        return samples.go_live(deployment, "shop-git-next")

    return preview


def labels(store) -> dict[str, str]:
    """Return where each label points."""
    return {alias.label: alias.deployment_id for alias in store.aliases()}


def test_pull_requests_are_remembered(store, tell):
    """The latest word on each counts, and a branch's are found, newest first."""
    with pytest.raises(MissingError):
        store.pull(1, 7)
    second, outside = replace(PULL, number=12), replace(PULL, number=8, branch=outside_branch(8))
    tell(pulls=[PULL, outside])
    tell(pulls=[second, replace(PULL, repository_id=2, branch="else")])
    assert store.pull(1, 7) == PULL
    assert store.pulls_of_branch(1, "next") == [second, PULL]
    assert store.pulls_of_branch(1, "refs/pull/8/head") == [outside]
    closed = replace(PULL, is_open=False, sha="b" * 40, updated_at=2_000)
    tell(pulls=[closed, replace(second, branch="other")])
    assert store.pull(1, 7) == closed
    assert store.pulls_of_branch(1, "next") == [closed]
    assert store.pull(2, 7).branch == "else"


def test_decisions_know_them(store, tell):
    """A decision hears of pull requests and of why a branch is retired."""
    seen = []

    def look(known):
        retired = known.retirement(1, "next")
        seen.append((known.pull(1, 7), known.pulls_of_branch(1, "next"), retired, known.retirement(1, "main")))
        return {}

    tell(look)
    tell(pulls=[PULL], retirements=[RETIREMENT])
    tell(look)
    tell(brought_back=[(1, "next")])
    tell(look)
    assert seen == [(None, [], None, None), (PULL, [PULL], RETIREMENT, None), (PULL, [PULL], None, None)]


def test_comments_are_remembered(store, tell):
    """The comment stays with its pull request through everything that is told of that, until there is none."""
    store.keep_comment(1, 7, Comment(5, "f"))
    assert store.comment(1, 7) is None
    tell(pulls=[PULL])
    assert store.comment(1, 7) is None
    store.keep_comment(1, 7, Comment(2**40, "f"))
    tell(pulls=[replace(PULL, is_open=False)])
    assert store.comment(1, 7) == Comment(2**40, "f")
    store.keep_comment(1, 7, None)
    assert store.comment(1, 7) is None
    assert not store.pull(1, 7).is_open


def test_a_preview_is_retired(store, preview, clock):
    """Its branch's hostname is free, its own stays, and it is told once."""
    made = preview("x1")
    clock.advance(60)
    retired = store.retire(made, "shop-git-next")
    now = clock()
    version = made.version + 1
    assert retired == replace(made, version=version, updated_at=now, shown_at=now, retired_at=now)
    assert store.deployment("x1") == retired
    assert labels(store) == {"x1": "x1"}
    assert store.retire(retired, "shop-git-next") == retired
    assert store.kept("p1") == [retired]


def test_only_its_own_hostname_goes(store, preview):
    """What is shown at the branch's hostname stays there when an older preview is retired."""
    first = preview("x1")
    preview("x2")
    first = store.deployment(first.id)
    assert store.retire(first, "shop-git-next").retired_at is not None
    assert labels(store) == {"shop-git-next": "x2", "x1": "x1", "x2": "x2"}


def test_it_is_brought_back(store, preview, tell, clock):
    """The hostname shows it again, once its branch is not retired any more."""
    made = preview("x1")
    tell(retirements=[RETIREMENT])
    retired = store.retire(made, "shop-git-next")
    with pytest.raises(ConflictError, match="retired"):
        store.bring_back(retired, "shop-git-next")
    tell(brought_back=[(1, "next")])
    clock.advance(60)
    back = store.bring_back(retired, "shop-git-next")
    assert (back.retired_at, back.shown_at, back.version) == (None, clock(), retired.version + 1)
    assert store.deployment("x1") == back
    assert Alias("shop-git-next", "p1", "x1", 1, True) in store.aliases()
    with pytest.raises(ConflictError, match="not retired"):
        store.bring_back(back, "shop-git-next")


def test_nothing_newer_is_replaced(store, preview):
    """What was retired does not come back over what its branch has shown since."""
    retired = store.retire(preview("x1"), "shop-git-next")
    preview("x2")
    with pytest.raises(ConflictError):
        store.bring_back(retired, "shop-git-next")
    assert labels(store)["shop-git-next"] == "x2"


@pytest.mark.parametrize("act", ["retire", "bring_back"])
def test_what_has_changed_is_looked_at_again(store, preview, act):
    """Who decided on what has expired or is gone is told so."""
    made = preview("x1")
    if act == "bring_back":
        made = store.retire(made, "shop-git-next")
    store.expire(made, {"x1", "shop-git-next"})
    with pytest.raises(ConflictError):
        getattr(store, act)(made, "shop-git-next")
    store.delete_project("p1")
    with pytest.raises(MissingError):
        getattr(store, act)(made, "shop-git-next")


def test_a_retired_branch_shows_nothing_new(store, samples, preview, tell):
    """A build that ends after its branch was retired is canceled, with the reason; production goes on."""
    tell(retirements=[RETIREMENT, Retirement(1, "main", "Gone.", 0), Retirement(2, "next", "Gone.", 0)])
    late = preview("x1")
    assert (late.state, late.reason) == (State.CANCELED, RETIREMENT.reason)
    assert labels(store) == {}
    assert samples.ready("x2", "shop").state is State.READY


def test_changes_are_told(store, preview, changes):
    """One event tells that a preview was retired, and one that it came back."""
    made = preview("x1")
    retired = store.retire(made, "shop-git-next")
    back = store.bring_back(retired, "shop-git-next")
    versions = [event.detail["version"] for event in changes.wait_for(6)]
    assert versions[-2:] == [str(retired.version), str(back.version)]
