"""The pages for those who run the platform, and what each role sees of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from dashboard_scene import Scene
from front import COOKIE, URL
from starlette.applications import Starlette
from starlette.testclient import TestClient

from battleshiper.platform.accounts.administration import Administration
from battleshiper.platform.bus.port import GiveUpError
from battleshiper.platform.model.delivery import Decision, Delivery, Verdict
from battleshiper.platform.model.event import Event, EventType
from battleshiper.platform.model.role import ALL_ROLES, Role
from battleshiper.platform.model.subscription import Limit, Subscription
from battleshiper.platform.web.operators.projects import ProjectPages
from battleshiper.platform.web.operators.subscriptions import SubscriptionPages
from battleshiper.platform.web.operators.work import WorkPages
from battleshiper.platform.web.pages.view import View

PAGES = ("/all-projects", "/subscriptions", "/deliveries", "/work")


class Desk:
    """The pages, as somebody with roles sees them."""

    def __init__(self, folder: Path) -> None:
        self.scene = scene = Scene(folder)
        self.store = scene.store
        self.bus = scene.services.dead_letters
        administration = Administration(scene.store, scene.clock)
        view, door = View(scene.front.renderer), scene.front.door
        routes = [
            *SubscriptionPages(scene.store, administration, door, view).routes(),
            *WorkPages(scene.store, self.bus, administration, door, view).routes(),
            *ProjectPages(scene.store, door, view).routes(),
        ]
        self.give(*ALL_ROLES)
        self.client = TestClient(Starlette(routes=routes), cookies={COOKIE: scene.cookie}, follow_redirects=False)

    def give(self, *roles: Role) -> None:
        """Give the one who looks these roles and no others."""
        self.store.set_roles(self.scene.entered.account.id, list(roles))

    def page(self, path: str) -> str:
        """Return a page's text."""
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        """Send a form; return the status, and where it leads or what it says."""
        data = {"form_token": self.scene.entered.session.form_token, **fields}
        answer = self.client.post(path, data=data, headers={"origin": URL})
        return answer.status_code, answer.headers.get("location", answer.text)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.scene.close()


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (None, ()),
        (Role.SUPPORT, ("/all-projects", "/subscriptions")),
        (Role.MAINTAINER, PAGES),
        (Role.SUBSCRIPTION_MANAGER, ("/subscriptions",)),
        (Role.ROLE_MANAGER, ()),
    ],
)
def test_what_each_role_sees(desk: Desk, role: Role | None, seen: tuple[str, ...]) -> None:
    """The others are refused, and so are their forms."""
    desk.give(*filter(None, [role]))
    for path in PAGES:
        assert desk.client.get(path).status_code == (200 if path in seen else 403), path
    may_give = role is Role.SUBSCRIPTION_MANAGER
    assert desk.post("/subscriptions", name="small")[0] == (303 if may_give else 403)
    assert desk.post("/subscriptions/give", account="7", subscription="small")[0] == (303 if may_give else 403)
    assert desk.post("/work/retry", id="x")[0] == (303 if role is Role.MAINTAINER else 403)


def test_a_subscription_is_made_changed_and_given(desk: Desk) -> None:
    """Its limits are listed, what is emptied is not limited any more, and all of it is in the audit log."""
    assert "Nothing is limited" in desk.page("/subscriptions")
    assert desk.post("/subscriptions", name=" small ", daily_builds="1,000", aliases="3")[0] == 303
    assert desk.store.subscriptions() == [Subscription("small", {Limit.DAILY_BUILDS: 1000, Limit.ALIASES: 3})]
    assert 'value="1000"' in desk.page("/subscriptions?name=small")
    desk.post("/subscriptions", name="small", daily_builds="5")
    assert "Builds a day: 5" in desk.page("/subscriptions")
    assert desk.post("/subscriptions/give", account="42", subscription="small")[0] == 303
    assert desk.store.subscription_of(42).name == "small"
    assert [each.action for each in desk.store.audit()] == [
        "account.subscribe",
        "subscription.keep",
        "subscription.keep",
    ]


@pytest.mark.parametrize(
    ("path", "fields", "field"),
    [
        ("", {"name": "Not good"}, "name"),
        ("", {"name": "<b>"}, "name"),
        ("", {"name": "small", "daily_builds": "many"}, "daily_builds"),
        ("", {"name": "small", "daily_builds": "-1"}, "daily_builds"),
        ("", {"name": "small", "projects": "9" * 40}, "projects"),
        ("/give", {"account": "ada", "subscription": "small"}, "account"),
        ("/give", {"account": "7", "subscription": "none"}, "subscription"),
    ],
)
def test_what_was_typed_stays(desk: Desk, path: str, fields: dict[str, str], field: str) -> None:
    """With the rule beside the field, and nothing is changed."""
    desk.store.keep_subscription(Subscription("small", {}))
    status, text = desk.post(f"/subscriptions{path}", aliases="77", **fields)
    assert (status, f'id="fault-{field}"' in text, "<b>" in text) == (422, True, False)
    assert path or 'value="77"' in text
    assert (desk.store.subscriptions(), desk.store.audit()) == ([Subscription("small", {})], [])


def test_deliveries_and_their_decisions(desk: Desk) -> None:
    """With links to what came of them; a search narrows them, and hostile texts are inert."""
    desk.scene.add_project("site")
    decision = Decision(Verdict.BUILD, "Pushed to <b>main</b>.", "p10", "d1")
    for number, event in enumerate(("push", "ping")):
        desk.store.accept(Delivery(f"d{number}", event, "me/site", desk.scene.now, (decision,)))
    text = desk.page("/deliveries")
    assert ('href="/projects/site"' in text, 'href="/deployments/d1"' in text, "<b>main" in text) == (True, True, False)
    found = desk.page("/deliveries?q=PUSH")
    assert ("<code>d0</code>" in found, "<code>d1</code>" in found) == (True, False)
    assert "None of the latest 2 has “zzz”" in desk.page("/deliveries?q=zzz")


def test_dead_letters_are_handled_again(desk: Desk) -> None:
    """By a click, which is in the audit log; a second one finds nothing to do."""
    assert "every event was handled" in desk.page("/work")

    def refuse(event: Event) -> None:
        raise GiveUpError("<b>forged</b>")

    desk.bus.subscribe(EventType.BUILD, refuse)
    desk.bus.publish([Event(EventType.BUILD, {}, id="lost")])
    desk.bus.start()
    while not desk.bus.dead_letters():
        pass
    desk.bus.close()
    text = desk.page("/work")
    assert ("lost" in text, "&lt;b&gt;forged" in text) == (True, True)
    for _ in range(2):
        assert desk.post("/work/retry", id="lost") == (303, "/work?done=retried")
    assert desk.bus.dead_letters() == []
    assert [(each.action, each.subject) for each in desk.store.audit()] == [("dead-letter.retry", "lost")]


def test_unfinished_deployments(desk: Desk) -> None:
    """What waits and what is being built, of everybody."""
    project = desk.scene.add_project("site")
    deployment = desk.scene.add_deployment(project)
    assert f'href="/deployments/{deployment.id}"' in desk.page("/work")


def test_projects_of_everybody_are_found(desk: Desk) -> None:
    """By name or repository, whether or not GitHub lets one see them."""
    desk.scene.add_project("site", None)
    desk.scene.add_project("other", None)
    found = desk.page("/all-projects?q=ME/SI")
    assert ('href="/projects/site"' in found, 'href="/projects/other"' in found) == (True, False)
    assert "has “zzz” in it" in desk.page("/all-projects?q=zzz")
