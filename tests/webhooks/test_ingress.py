"""The whole way of a delivery, over a real store."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp

from battleshiper.platform.model.delivery import Verdict
from battleshiper.platform.model.deployment import Environment, State
from battleshiper.platform.model.hostname import MAX_LABEL, branch_label
from battleshiper.platform.store.sqlite.store import SqliteStore
from battleshiper.webhooks.ingress import Webhooks
from battleshiper.webhooks.signature import SecretMissingError

INSTALLED = [(1296269, "octocat/Hello-World")]
PATH = "/webhooks/github"
NOW = datetime(2026, 1, 2, tzinfo=UTC)
OLD, MIDDLE, NEW = "1" * 40, "2" * 40, "3" * 40

Post = Callable[..., httpx.Response]


@pytest.fixture
def post(app: ASGIApp, hub: Any) -> Post:
    """Deliver an event as GitHub would, with some headers changed or, with None, left out."""

    def deliver(event: str, body: bytes, delivery: str = "d-1", **changes: bytes | None) -> httpx.Response:
        named = {name.replace("_", "-").encode(): value for name, value in changes.items()}
        headers = dict(hub.headers(event, body, delivery)) | named
        kept = [(name, value) for name, value in headers.items() if value is not None]
        return asyncio.run(send(app, [(body, kept)]))[0]

    return deliver


async def send(app: ASGIApp, requests: list[tuple[bytes, list[tuple[bytes, bytes]]]]) -> list[httpx.Response]:
    """Send all requests at once."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://platform.example") as client:
        return await asyncio.gather(*(client.post(PATH, content=body, headers=headers) for body, headers in requests))


@pytest.fixture
def installed(post: Post, hub: Any) -> None:
    """Install the App on one repository."""
    assert post("installation", hub.installation("created", INSTALLED), "d-installed").status_code == 202


@pytest.mark.usefixtures("installed")
def test_a_push_becomes_a_deployment(post: Post, hub: Any, store: SqliteStore) -> None:
    """The answer says what was decided, and the store holds it."""
    answer = post("push", hub.push(after=NEW))
    assert answer.status_code == 202
    (deployment,) = store.deployments()
    (project,) = store.projects()
    assert answer.json() == {
        "delivery": "d-1",
        "decisions": [
            {"verdict": "build", "reason": "Pushed to main.", "project": project.id, "deployment": deployment.id}
        ],
    }
    assert (deployment.commit.sha, deployment.state) == (NEW, State.QUEUED)
    assert deployment.environment is Environment.PRODUCTION
    delivery, _ = store.deliveries()
    assert (delivery.id, delivery.event, delivery.repository) == ("d-1", "push", "octocat/Hello-World")


@pytest.mark.usefixtures("installed")
def test_an_installation_is_recorded(store: SqliteStore) -> None:
    """The project has a name of its own, and the delivery says why it is there."""
    (project,) = store.projects()
    assert (project.name, project.repository, project.production_branch) == ("hello-world", "octocat/Hello-World", None)
    (delivery,) = store.deliveries()
    assert delivery.event == "installation.created"
    assert [decision.verdict for decision in delivery.decisions] == [Verdict.INITIALISE]


@pytest.mark.usefixtures("installed")
def test_a_redelivery_is_answered_and_not_acted_on(post: Post, hub: Any, store: SqliteStore) -> None:
    """GitHub's own redelivery repeats the id."""
    assert post("push", hub.push()).status_code == 202
    again = post("push", hub.push())
    assert again.status_code == 200
    assert "already recorded" in again.json()["message"]
    assert len(store.deployments()) == 1


@pytest.mark.usefixtures("installed")
def test_twenty_at_once(app: ASGIApp, hub: Any, store: SqliteStore) -> None:
    """One delivery id that arrives twenty times at the same moment is acted on once."""
    body = hub.push()
    answers = asyncio.run(send(app, [(body, hub.headers("push", body, "d-1"))] * 20))
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [202]
    assert len(store.deployments()) == 1
    assert len(store.deliveries()) == 2


@pytest.mark.usefixtures("installed")
def test_the_same_push_told_twenty_times(app: ASGIApp, hub: Any, store: SqliteStore) -> None:
    """One push under twenty delivery ids is built once, and each delivery says so."""
    body = hub.push()
    answers = asyncio.run(send(app, [(body, hub.headers("push", body, f"d-{n}")) for n in range(20)]))
    assert [answer.status_code for answer in answers] == [202] * 20
    assert len(store.deployments()) == 1
    assert len(store.deliveries()) == 21


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1)])
def test_pushes_in_any_order_end_with_the_newest(
    app: ASGIApp, hub: Any, store: SqliteStore, order: tuple[int, ...]
) -> None:
    """Of pushes that arrive together in any order, nothing older is queued behind the newest."""
    pushes = [
        hub.push(before="0" * 40, after=OLD, repository={"pushed_at": 1_700_000_000}),
        hub.push(before=OLD, after=MIDDLE, repository={"pushed_at": 1_700_000_001}),
        hub.push(before=MIDDLE, after=NEW, repository={"pushed_at": 1_700_000_002}),
    ]
    requests = [(pushes[n], hub.headers("push", pushes[n], f"d-{n}")) for n in order]
    assert [answer.status_code for answer in asyncio.run(send(app, requests))] == [202] * 3
    deployments = store.deployments()
    assert len(deployments) == 3
    queued = [deployment for deployment in deployments if deployment.state is State.QUEUED]
    assert queued[0].commit.sha == NEW
    assert all(d.state is State.SUPERSEDED for d in deployments if d.number > queued[0].number)


@pytest.mark.usefixtures("installed")
def test_a_dozen_late_pushes_do_not_hide_the_newest(app: ASGIApp, hub: Any, store: SqliteStore) -> None:
    """After an outage GitHub delivers old pushes again, and none of them is built after the newest."""
    shas = [f"{number:040x}" for number in range(1, 14)]
    pushes = [
        hub.push(before=before, after=after, repository={"pushed_at": 1_700_000_000 + number})
        for number, (before, after) in enumerate(pairwise(shas))
    ]
    requests = [
        (body, hub.headers("push", body, f"d-{number}")) for number, body in enumerate([pushes[-1], *pushes[:-1]])
    ]
    for request in requests:
        assert asyncio.run(send(app, [request]))[0].status_code == 202
    states = [(deployment.state, deployment.commit.sha) for deployment in store.deployments()]
    assert [sha for state, sha in states if state is State.QUEUED] == [shas[-1]]
    assert len(states) == 12


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"x_hub_signature_256": None}, 401),
        ({"x_hub_signature_256": b"sha256=" + b"0" * 64}, 401),
        ({"x_hub_signature_256": None, "x_hub_signature": b"sha1=" + b"0" * 40}, 401),
        ({"content_type": b"text/xml"}, 415),
        ({"content_type": None}, 415),
        ({"x_github_event": None}, 400),
        ({"x_github_delivery": None}, 400),
        ({"x_github_delivery": b"x" * 5000}, 400),
    ],
)
def test_what_is_refused_leaves_nothing(
    post: Post, hub: Any, store: SqliteStore, change: dict[str, bytes | None], status: int
) -> None:
    """A refused request gets the reason as JSON, and the store stays as it was."""
    answer = post("installation", hub.installation("created", INSTALLED), **change)
    assert answer.status_code == status
    assert answer.json()["error"]
    assert (store.deliveries(), store.projects()) == ([], [])


@pytest.mark.parametrize("body", [b"", b"[]", b"nonsense", b'{"zen": NaN}', b'{"a":' * 500_000])
def test_signed_nonsense(post: Post, store: SqliteStore, body: bytes) -> None:
    """A good signature does not make JSON of what is none."""
    answer = post("ping", body)
    assert answer.status_code == 400
    assert store.deliveries() == []


def test_two_signatures(app: ASGIApp, hub: Any, store: SqliteStore) -> None:
    """A request with two signatures is refused, though one of them is right."""
    body = hub.push()
    headers = [*hub.headers("push", body), (b"x-hub-signature-256", b"sha256=" + b"0" * 64)]
    (answer,) = asyncio.run(send(app, [(body, headers)]))
    assert answer.status_code == 401
    assert store.deliveries() == []


def test_ping_is_answered(post: Post, store: SqliteStore) -> None:
    """GitHub shows a green mark after its first ping."""
    assert post("ping", b'{"zen": "Speak like a human."}').status_code == 202
    assert [delivery.event for delivery in store.deliveries()] == ["ping"]


def test_another_apps_delivery_is_recorded(post: Post, hub: Any, store: SqliteStore) -> None:
    """It is answered well, and not acted on."""
    body = hub.installation("created", INSTALLED)
    answer = post("installation", body, x_github_hook_installation_target_id=b"12")
    assert answer.status_code == 202
    assert store.projects() == []
    assert "another App" in store.deliveries()[0].decisions[0].reason


def test_a_form_is_read(app: ASGIApp, hub: Any, store: SqliteStore) -> None:
    """Hooks that send forms work as well."""
    body = httpx.QueryParams({"payload": hub.installation("created", INSTALLED).decode()})
    text = str(body).encode()
    headers = dict(hub.headers("installation", text)) | {b"content-type": b"application/x-www-form-urlencoded"}
    (answer,) = asyncio.run(send(app, [(text, list(headers.items()))]))
    assert answer.status_code == 202
    assert len(store.projects()) == 1


def test_installing_twice_makes_one_project(post: Post, hub: Any, store: SqliteStore) -> None:
    """Installation events under different ids find the project that is there."""
    for delivery in ("d-1", "d-2"):
        assert post("installation", hub.installation("created", INSTALLED), delivery).status_code == 202
    assert len(store.projects()) == 1


def test_names_are_unique(post: Post, hub: Any, store: SqliteStore) -> None:
    """Repositories of one name in different accounts become projects of different names."""
    same = [(1, "one/site"), (2, "two/site"), (3, "two/Site"), (4, "three/www"), (5, "four/日本")]
    assert post("installation", hub.installation("created", same)).status_code == 202
    names = [project.name for project in store.projects()]
    assert len(set(names)) == 5
    assert "www" not in names


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("branch", ["-x", "$(id)", "it's", 'a"b', "🚀", "ענף", "\u202eevil", "x" * 200, "git-x", "<b>"])
def test_odd_branches_are_built_under_safe_labels(post: Post, hub: Any, store: SqliteStore, branch: str) -> None:
    """A branch's name arrives unchanged in the store, and its label is harmless."""
    assert post("push", hub.push(branch=branch)).status_code == 202
    (deployment,) = store.deployments()
    assert (deployment.commit.branch, deployment.environment) == (branch, Environment.PREVIEW)
    label = branch_label(store.projects()[0].name, deployment.commit.branch)
    assert len(label) <= MAX_LABEL
    assert label.replace("-", "").isalnum()
    assert label.isascii()


def test_a_store_that_fails(hub: Any, mint: Any) -> None:
    """The answer is 503, so that GitHub keeps the delivery for another time."""

    class FullDisk:
        async def decide_soon(self, *_: object) -> None:
            raise OSError("disk full")

    broken: Any = FullDisk()
    app = Webhooks((b"a webhook secret",), None, broken, mint, lambda: NOW).before(Starlette())
    body = hub.push()
    (answer,) = asyncio.run(send(app, [(body, hub.headers("push", body))]))
    assert answer.status_code == 503
    assert "Redeliver" in answer.json()["error"]


def test_only_posts(app: ASGIApp) -> None:
    """Other methods are not allowed."""

    async def get() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as client:
            return await client.get(PATH)

    assert asyncio.run(get()).status_code == 405


def test_other_paths_are_not_ours(store: SqliteStore, mint: Any, hub: Any) -> None:
    """What is sent elsewhere, even signed, goes to the application behind and is not recorded."""
    elsewhere = PlainTextResponse("somebody else", 418)
    body = hub.push()

    async def ask(path: str) -> httpx.Response:
        app = Webhooks((b"a webhook secret",), None, store, mint, lambda: NOW).before(elsewhere)
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            return await client.post(path, content=body, headers=hub.headers("push", body))

    for path in (f"{PATH}/", f"{PATH}/more", "/", f"/x{PATH}"):
        assert asyncio.run(ask(path)).status_code == 418
    assert store.deliveries() == []


def test_an_empty_secret_does_not_start(store: SqliteStore, mint: Any) -> None:
    """There is no way to run without verification."""
    with pytest.raises(SecretMissingError):
        Webhooks(("",), None, store, mint, lambda: NOW)


def test_the_answer_is_json(post: Post) -> None:
    """Programs read the answer."""
    answer = post("ping", b"{}")
    assert answer.headers["content-type"] == "application/json"
    assert json.loads(answer.content)["delivery"] == "d-1"
