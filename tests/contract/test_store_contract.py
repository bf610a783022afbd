"""Every store keeps to these: deliveries, projects and reports."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from battleshiper.platform.model.access import RepositoryFacts
from battleshiper.platform.model.delivery import Decision, Delivery, Verdict
from battleshiper.platform.model.deployment import Commit, Origin, State
from battleshiper.platform.model.event import Event, EventType
from battleshiper.platform.model.project import Installation, Surface
from battleshiper.platform.model.settings import NO_SETTINGS, ProjectSettings
from battleshiper.platform.store.port import Acceptance, ConflictError, MissingError, Remains, Report, Rival


@pytest.fixture
def delivery(clock):
    """Make deliveries."""

    def make(number: int = 1, *decisions: Decision) -> Delivery:
        return Delivery(f"d{number}", "push", "octo/shop", clock(), decisions)

    return make


def test_a_delivery_is_kept_as_it_was(store, delivery):
    """Decisions, times and broken text come back; the newest delivery comes first."""
    decisions = (Decision(Verdict.BUILD, "Pushed to \ud83d\U0001f680.", "p1", "x1"), Decision(Verdict.IGNORE, "No."))
    assert store.accept(delivery(1, *decisions))
    assert store.accept(delivery(2))
    assert store.accept(Delivery("d3", "ping", None, delivery().received_at, ()))
    assert store.deliveries(2) == [Delivery("d3", "ping", None, delivery().received_at, ()), delivery(2)]
    assert store.deliveries()[2] == delivery(1, *decisions)
    assert store.has_delivery("d1")
    assert not store.has_delivery("d4")


def test_a_delivery_is_accepted_once_by_many_at_once(store, samples, delivery, changes):
    """Twenty threads bring the same delivery: one is told so, and everything is there once."""
    store.accept(delivery(0), projects=[samples.project()])

    def accept(number: int) -> bool:
        new = samples.deployment(f"x{number}")
        return store.accept(delivery(1), deployments=[new], events=[Event(EventType.BUILD, {"number": str(number)})])

    with ThreadPoolExecutor(20) as pool:
        accepted = list(pool.map(accept, range(20)))
    assert sum(accepted) == 1
    (deployment,) = store.deployments()
    assert deployment.id == f"x{accepted.index(True)}"
    assert [event.detail["deployment"] for event in changes.wait_for(1)] == [deployment.id]


def test_a_delivery_brings_everything_or_nothing(store, samples, delivery, bus_under_test):
    """A deployment of a project that is gone takes the whole delivery back."""
    with pytest.raises(MissingError, match="project 'p9'"):
        store.accept(
            delivery(),
            projects=[samples.project()],
            deployments=[samples.deployment("x1"), samples.deployment("x2", "p9")],
            events=[Event(EventType.BUILD, {})],
        )
    assert not store.has_delivery("d1")
    assert store.projects() == []
    assert bus_under_test.pending() == 0
    assert store.accept(delivery(), projects=[samples.project()])


def test_the_events_of_a_delivery_are_on_the_bus(store, samples, delivery, changes, bus_under_test):
    """Those that were given, and one for each deployment, in a final state or not."""
    store.accept(
        delivery(),
        projects=[samples.project()],
        deployments=[samples.deployment("x1"), samples.deployment("x2", state=State.SKIPPED, reason="Not wanted.")],
        events=[Event(EventType.INIT, {"project": "p1"})],
    )
    told = {event.detail["deployment"]: event for event in changes.wait_for(2)}
    assert told["x2"].detail == {"deployment": "x2", "project": "p1", "version": "1", "state": "skipped"}
    assert told["x1"].detail["state"] == "queued"
    assert told["x1"].group == f"report:p1:{'a' * 40}"
    settled = store.deployment("x2")
    assert (settled.reason, settled.finished_at) == ("Not wanted.", settled.created_at)


def test_deciding_sees_what_was_decided_before(store, samples, delivery):
    """Fifty deliveries decide at once, each on the newest deployment it finds: no two find the same."""
    store.accept(delivery(0), projects=[samples.project(5)])

    async def decide(number: int) -> Acceptance | None:
        def build(known) -> Acceptance:
            (project,) = known.projects_of_repository(5)
            rivals = known.rivals(project.id, "main")
            count = int(rivals[0].id.removeprefix("x")) + 1 if rivals else 0
            return Acceptance(delivery(number), deployments=[samples.deployment(f"x{count}", project.id)])

        return await store.decide_soon(f"d{number}", build)

    async def decide_all() -> list[Acceptance | None]:
        return await asyncio.gather(*(decide(number) for number in range(1, 51)))

    accepted = asyncio.run(decide_all())
    assert {each.deployments[0].id for each in accepted} == {f"x{number}" for number in range(50)}
    assert len(store.deployments(limit=100)) == 50


def test_rivals_are_the_latest_of_their_branch(store, samples, delivery):
    """A push is compared with a few deployments of its branch, newest first, whatever was superseded since."""
    store.accept(delivery(0), projects=[samples.project(5)])
    project = store.projects()[0].id
    for number in range(8):
        commit = Commit(f"{number:040x}", "main", parent_sha="f" * 40, pushed_at=number)
        store.create_deployment(samples.deployment(f"x{number}", project, commit=commit))
    for number in range(20):
        store.create_deployment(samples.deployment(f"s{number}", project, state=State.SUPERSEDED))
    store.create_deployment(samples.deployment("y", project, commit=Commit("a" * 40, "other")))
    seen = []

    def look(known) -> Acceptance:
        seen.extend(known.rivals(project, "main"))
        return Acceptance(delivery(1))

    asyncio.run(store.decide_soon("d1", look))
    assert 2 <= len(seen) <= 8
    assert seen == [Rival(f"x{n}", f"{n:040x}", "f" * 40, n, Origin.PUSH) for n in range(7, 7 - len(seen), -1)]


def rivals(store, delivery, number: int = 1) -> list[Rival]:
    """Return what a decision on the one project's main branch hears of."""
    seen = []

    def look(known) -> Acceptance:
        seen.extend(known.rivals("p1", "main"))
        return Acceptance(delivery(number))

    asyncio.run(store.decide_soon(f"d{number}", look))
    return seen


def test_a_skipped_rival_is_told_as_such(store, samples, delivery):
    """Also when it was created with its delivery; one that a build looked at before is a rival like any other."""
    skipped = samples.deployment("x1", state=State.SKIPPED, reason="Not wanted.")
    store.accept(delivery(0), projects=[samples.project()], deployments=[skipped])
    looked_at = store.create_deployment(samples.deployment("x2"))
    store.advance(store.advance(looked_at, State.BUILDING), State.SKIPPED, reason="Nothing changed.")
    store.advance(store.create_deployment(samples.deployment("x3")), State.SKIPPED)
    store.create_deployment(samples.deployment("x4"))
    seen = rivals(store, delivery)
    assert [(rival.id, rival.is_skipped) for rival in seen] == [
        ("x4", False),
        ("x3", True),
        ("x2", False),
        ("x1", True),
    ]


def test_skipped_rivals_hide_no_others(store, samples, delivery):
    """Twenty of them after each other: the latest deployments that are not skipped are told, and a few of them."""
    store.accept(delivery(0), projects=[samples.project()])
    for number in range(3):
        store.create_deployment(samples.deployment(f"x{number}"))
    for number in range(20):
        store.create_deployment(samples.deployment(f"s{number}", state=State.SKIPPED))
    seen = rivals(store, delivery)
    assert [rival.id for rival in seen if not rival.is_skipped] == ["x2", "x1", "x0"]
    told = [rival.id for rival in seen if rival.is_skipped]
    assert 1 <= len(told) <= 8
    assert told == [f"s{19 - place}" for place in range(len(told))]


def test_nothing_is_decided_twice(store, delivery):
    """A delivery that is recorded is not decided on again, and one whose decision failed is not recorded."""
    store.accept(delivery(1))

    def fail(_) -> Acceptance:
        raise RuntimeError("undecided")

    assert asyncio.run(store.decide_soon("d1", fail)) is None
    with pytest.raises(RuntimeError, match="undecided"):
        asyncio.run(store.decide_soon("d2", fail))
    assert not store.has_delivery("d2")


def test_a_repository_and_root_directory_have_one_project(store, samples, delivery):
    """A second project for them is not created and does no harm."""
    store.accept(delivery(1), projects=[samples.project(1, id="first")])
    store.accept(delivery(2), projects=[samples.project(1, id="second", names=("other",))])
    store.accept(delivery(3), projects=[samples.project(1, id="third", root_directory="docs", names=("docs",))])
    assert [project.id for project in store.projects_of_repository(1)] == ["first", "third"]


def test_a_project_is_created_by_itself(store, samples, bus_under_test):
    """At once with the events that it raises, and neither where its place nor where its name is taken."""
    top = store.create_project(samples.project(1, "shop"))
    made = store.create_project(
        samples.project(1, "docs", id="p2", root_directory="docs"), [Event(EventType.INIT, {"project": "p2"})]
    )
    assert made == store.project("p2")
    assert (made.name, made.root_directory, made.repository) == ("docs", "docs", "octo/docs")
    assert store.projects_of_repository(1) == [top, made]
    pending = bus_under_test.pending()
    assert pending == 1
    for taken in (
        samples.project(1, "more", id="p3", root_directory="docs"),
        samples.project(1, "shop", id="p4", root_directory="apps"),
    ):
        with pytest.raises(ConflictError):
            store.create_project(taken, [Event(EventType.INIT, {"project": taken.id})])
    assert store.projects_of_repository(1) == [top, made]
    assert bus_under_test.pending() == pending


def test_a_project_takes_the_first_name_that_is_free(store, samples, delivery):
    """Names of projects and labels of aliases are taken; without a free name nothing is written."""
    store.accept(delivery(1), projects=[samples.project(1, "shop")])
    samples.ready("x1", "shop-git-next")
    store.accept(delivery(2), projects=[samples.project(2, names=("shop", "shop-git-next", "x1", "shop-2"))])
    assert store.project("p2").name == "shop-2"
    with pytest.raises(ConflictError, match="shop, shop-2"):
        store.accept(delivery(3), projects=[samples.project(3, names=("shop", "shop-2"))])
    assert not store.has_delivery("d3")


def test_a_project_is_found_in_each_way(store, samples, delivery, clock):
    """By id, by name, by repository and among all, with everything that is known of it."""
    new = samples.project(7, "zoo", root_directory="apps/zoo")
    store.accept(delivery(), projects=[new, samples.project(1, "shop")], installations=[Installation(11, 22, "octo")])
    zoo = store.project("p7")
    assert (zoo.name, zoo.repository_id, zoo.repository, zoo.root_directory) == ("zoo", 7, "octo/zoo", "apps/zoo")
    assert (zoo.installation_id, zoo.account_id, zoo.production_branch) == (11, 22, None)
    assert zoo.created_at == clock()
    assert store.project_named("zoo") == zoo
    assert store.projects_of_repository(7) == [zoo]
    assert [project.name for project in store.projects()] == ["shop", "zoo"]


def test_what_is_not_there_is_missed(store, samples, clock):
    """Every look-up of one thing says what it did not find."""
    for look_up in (store.project, store.project_named, store.deployment):
        with pytest.raises(MissingError, match="nothing-here"):
            look_up("nothing-here")
    with pytest.raises(MissingError):
        store.follow("nothing-here")
    with pytest.raises(MissingError):
        store.create_deployment(samples.deployment("x1", "nothing-here"))


def test_a_deleted_project_leaves_nothing(store, samples, delivery, clock):
    """Its name, its hostnames, its deployments and reports are free, twice deleted or not; others stay."""
    store.accept(delivery(1), projects=[samples.project(1), samples.project(2, "other")])
    samples.ready("x1", "shop", "shop-git-next")
    samples.ready("y1", "other", project="p2")
    store.save_report(Report("x1", 4, 99))
    store.delete_project("p1")
    store.delete_project("p1")
    assert [project.id for project in store.projects()] == ["p2"]
    assert [alias.label for alias in store.aliases()] == ["other", "y1"]
    assert [deployment.id for deployment in store.deployments()] == ["y1"]
    assert store.report("x1") == Report("x1", 0, None)
    clock.advance(timedelta(days=1).total_seconds())
    store.accept(delivery(2), projects=[samples.project(1, id="again")])
    assert store.project_named("shop").id == "again"


def test_what_remains_of_a_deleted_project_is_told(store, samples, delivery, clock):
    """Where it was shown and what it had, until it is forgotten; the same once it is deleted again."""
    store.accept(delivery(1), projects=[samples.project(1), samples.project(2, "other")])
    samples.ready("x1", "shop")
    store.create_deployment(samples.deployment("x2"))
    samples.ready("y1", "other", project="p2")
    assert store.remains() == []
    at = clock()
    store.delete_project("p1")
    clock.advance(60)
    store.delete_project("p1")
    assert store.remains() == [Remains("p1", at, labels=("shop", "x1"), finished=("x1",), unfinished=("x2",))]
    for _ in range(2):
        store.forget_remains("p1")
    assert store.remains() == []


def test_nothing_remains_of_an_empty_project(store, samples, delivery, clock):
    """It is told all the same: a step that had begun may leave something."""
    store.accept(delivery(1), projects=[samples.project(1)])
    store.delete_project("p1")
    store.delete_project("never")
    assert store.remains() == [Remains("p1", clock(), (), (), ())]


def test_a_report_never_goes_back(store, samples, delivery):
    """A lower version is not remembered, and the GitHub Deployment is not forgotten."""
    store.accept(delivery(), projects=[samples.project()], deployments=[samples.deployment("x1")])
    assert store.report("x1") == Report("x1", 0, None)
    store.save_report(Report("x1", 2, None))
    store.save_report(Report("x1", 1, 77))
    assert store.report("x1") == Report("x1", 2, 77)
    store.save_report(Report("x1", 3, None))
    assert store.report("x1") == Report("x1", 3, 77)
    store.save_report(Report("x1", 3, 78))
    assert store.report("x1") == Report("x1", 3, 78)


def test_a_report_of_what_is_gone_is_not_kept(store):
    """A late report does no harm."""
    store.save_report(Report("gone", 3, 5))
    assert store.report("gone") == Report("gone", 0, None)


def test_surfaces_are_remembered(store, samples, clock):
    """A new project is shown everywhere, and then as it was said; its other settings stay."""
    store.accept(Delivery("d1", "installation.created", None, clock(), ()), projects=[samples.project(1)])
    before = store.project("p1")
    assert before.surfaces == frozenset(Surface)
    for surfaces in (frozenset({Surface.STATUS, Surface.COMMENT}), frozenset()):
        changed = store.set_surfaces("p1", surfaces)
        assert changed == replace(before, surfaces=surfaces)
        assert store.project("p1") == changed
    with pytest.raises(MissingError):
        store.set_surfaces("p2", frozenset())


def test_settings_are_remembered(store, samples, clock):
    """What a project is told stays through what GitHub tells of its repository; its own production branch as well."""
    told = ProjectSettings(build_command="make", node_version="24")
    new = [samples.project(1, settings=ProjectSettings(production_branch="next")), samples.project(2, "other")]
    store.accept(Delivery("d1", "installation.created", None, clock(), ()), projects=new)
    assert (store.project("p1").production_branch, store.project("p2").settings) == ("next", NO_SETTINGS)
    repository_id = store.project("p1").repository_id
    store.learn(repositories=[RepositoryFacts(repository_id, "me/shop", "main", False, False, told_at=1)])
    assert store.follow("p1").production_branch == "next"
    changed = store.set_settings("p1", told)
    assert (changed.settings, changed.production_branch) == (told, "main")
    assert store.project("p1") == store.follow("p1") == changed
    chosen = store.set_settings("p1", ProjectSettings(production_branch="release/ü"))
    assert chosen == replace(changed, settings=chosen.settings, production_branch="release/ü")
    assert store.follow("p1") == chosen
    assert store.set_settings("p2", told).production_branch is None
    with pytest.raises(MissingError):
        store.set_settings("p9", told)
