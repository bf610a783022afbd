"""Every store lets projects follow what is known of their repositories in the same way."""

import asyncio
from dataclasses import replace

import pytest

from battleshiper.platform.model.access import Grant, RepositoryFacts
from battleshiper.platform.model.delivery import Delivery
from battleshiper.platform.model.deployment import Commit, Origin, State
from battleshiper.platform.model.event import Event, EventType
from battleshiper.platform.model.project import Access, Installation, Standing
from battleshiper.platform.store.port import Acceptance, ConflictError

FACTS = RepositoryFacts(1, "octo/store", "trünk", is_archived=False, is_deleted=False, told_at=1_000)
HERE = Installation(11, 22, "octo", Standing.ACTIVE, 1_000)
THERE = Installation(12, 33, "other", Standing.ACTIVE, 1_000)


@pytest.fixture
def tell(store, clock):
    """Records a delivery with what it brings."""
    count = 0

    def tell(**brought):
        nonlocal count
        count += 1
        delivery = Delivery(f"told-{count}", "installation", None, clock(), ())
        asyncio.run(store.decide_soon(delivery.id, lambda _: Acceptance(delivery, **brought)))

    return tell


@pytest.fixture(autouse=True)
def _projects(tell, samples):
    tell(projects=[samples.project(1), samples.project(2, "other")], installations=[HERE])


def given(told_at: int, installation: int = 11) -> Grant:
    """Return a grant of the first repository."""
    return Grant(1, installation, is_given=True, told_at=told_at)


def taken(told_at: int, installation: int = 11) -> Grant:
    """Return that the first repository was taken away."""
    return Grant(1, installation, is_given=False, told_at=told_at)


def test_a_project_of_which_nothing_was_told_stays(store):
    """It may be built, as it was before there was such a thing to know."""
    before = store.project("p1")
    assert store.follow("p1") == before
    assert (before.access, before.obstacle) == (Access.GRANTED, "")


def test_names_and_branches_follow(store, tell):
    """The project takes what was told last by GitHub's time, and keeps its own name."""
    tell(repositories=[FACTS])
    assert store.project("p1").repository == "octo/shop"
    tell(repositories=[replace(FACTS, full_name="octo/old", told_at=999)])
    project = store.follow("p1")
    assert (project.repository, project.production_branch, project.name) == ("octo/store", "trünk", "shop")
    assert store.project("p1") == project
    assert store.project("p2").repository == "octo/other"


def test_a_branch_that_was_not_told_stays(store):
    """GitHub does not name it in every event."""
    store.learn(repositories=[FACTS])
    store.learn(repositories=[replace(FACTS, default_branch=None, told_at=1_001)])
    store.follow("p1")
    store.learn(repositories=[replace(FACTS, default_branch=None, told_at=1_002)])
    assert store.follow("p1").production_branch == "trünk"


@pytest.mark.parametrize(
    ("changes", "access"),
    [({"is_archived": True}, Access.ARCHIVED), ({"is_deleted": True, "is_archived": True}, Access.DELETED)],
)
def test_an_archived_or_deleted_repository(store, tell, changes, access):
    """Its project is marked, says why, and is as before when that is over."""
    tell(repositories=[replace(FACTS, **changes)])
    project = store.follow("p1")
    assert project.access is access
    assert "octo/store" in project.obstacle
    tell(repositories=[replace(FACTS, told_at=1_001)])
    assert store.follow("p1").access is Access.GRANTED


def test_a_deletion_in_the_second_of_another_change(store, tell):
    """Nothing can come after it."""
    tell(repositories=[replace(FACTS, is_deleted=True)])
    tell(repositories=[FACTS])
    assert store.follow("p1").access is Access.DELETED


def test_a_repository_that_is_taken_away_and_given_again(store, tell):
    """The newest word counts, whichever comes first."""
    tell(grants=[taken(1_001)])
    tell(grants=[given(1_000)])
    project = store.follow("p1")
    assert (project.access, project.obstacle) == (Access.REMOVED, "The App may not read octo/shop.")
    tell(grants=[given(1_003)])
    tell(grants=[taken(1_002)])
    assert store.follow("p1").access is Access.GRANTED


def test_a_repository_that_moves_to_another_installation(store, tell):
    """The project follows to where it is given, with the account; that it was taken from the old one is no matter."""
    tell(installations=[THERE], grants=[given(1_001, 12)])
    tell(grants=[taken(1_005, 11)])
    project = store.follow("p1")
    assert (project.installation_id, project.account_id, project.access) == (12, 33, Access.GRANTED)


def test_an_app_that_is_installed_again(store, tell):
    """The end counts most within its second, which GitHub leaves as it was, and the project follows the new id."""
    tell(installations=[replace(HERE, standing=Standing.GONE)])
    tell(installations=[HERE], grants=[given(1_000)])
    project = store.follow("p1")
    assert (project.access, project.obstacle) == (Access.UNINSTALLED, "The App was uninstalled from octo.")
    tell(installations=[replace(HERE, id=13)], grants=[given(1_500, 13)])
    project = store.follow("p1")
    assert (project.installation_id, project.access) == (13, Access.GRANTED)


def test_a_suspension(store, tell):
    """It ends when GitHub says so, also within its own second, and in whatever order the two are told."""
    suspended = replace(HERE, standing=Standing.SUSPENDED, told_at=1_001)
    tell(installations=[suspended])
    assert store.follow("p1").obstacle == "The App is suspended on octo."
    tell(installations=[replace(HERE, told_at=1_001)])
    assert store.follow("p1").access is Access.GRANTED
    tell(installations=[suspended])
    assert store.follow("p1").access is Access.GRANTED
    assert store.follow("p2").access is Access.GRANTED


def test_an_installation_that_answers(store, tell):
    """What GitHub answered counts like what it told."""
    tell(installations=[replace(HERE, standing=Standing.SUSPENDED)])
    store.learn(installations=[replace(HERE, told_at=1_001)])
    assert store.follow("p1").access is Access.GRANTED


def test_what_is_told_of_a_repository_without_a_project(store, tell, samples):
    """It is remembered for the project that comes."""
    tell(grants=[Grant(3, 11, is_given=False, told_at=1_001)], repositories=[replace(FACTS, id=3)])
    tell(projects=[samples.project(3, "late")], grants=[Grant(3, 11, is_given=True, told_at=1_000)])
    project = store.follow("p3")
    assert (project.repository, project.access) == ("octo/store", Access.REMOVED)


def test_many_repositories_at_once(store, tell):
    """An account may take away hundreds in one delivery."""
    numbers = range(1, 151)
    events = [Event(EventType.INIT, {"project": "", "repository": str(number)}) for number in numbers]
    tell(grants=[Grant(number, 11, is_given=False, told_at=1_001) for number in numbers], events=events)
    assert [store.follow(project).access for project in ("p1", "p2")] == [Access.REMOVED] * 2


@pytest.fixture
def missed(store, samples):
    """Creates a deployment of the main branch's head, which no push has told of."""

    def missed(id_: str, sha: str, pushed_at: int):
        new = samples.deployment(id_, commit=Commit(sha * 40, "main", pushed_at=pushed_at), origin=Origin.MISSED)
        return store.create_deployment(new)

    return missed


def test_a_missed_push_is_deployed_once(store, samples, missed):
    """Not where its commit is there, nor beside a push that came later."""
    store.create_deployment(samples.deployment("x1", commit=Commit("a" * 40, "main", pushed_at=1_000)))
    with pytest.raises(ConflictError):
        missed("x2", "a", 2_000)
    assert missed("x3", "b", 2_000).number == 2
    for sha, pushed_at in (("b", 2_000), ("c", 2_000), ("c", 1_999)):
        with pytest.raises(ConflictError):
            missed("x4", sha, pushed_at)


def test_a_missed_push_whose_build_was_canceled(store, samples, missed):
    """It is built again: it was canceled because the App could not read the repository."""
    commit = Commit("a" * 40, "main", pushed_at=1_000)
    deployment = store.create_deployment(samples.deployment("x1", commit=commit))
    store.advance(deployment, State.CANCELED, reason="The App was uninstalled from octo.")
    assert missed("x2", "a", 1_000).number == 2
