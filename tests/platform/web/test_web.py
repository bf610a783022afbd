"""The platform's own web: the runner's endpoints, the API and the pages."""

import asyncio
import io
from datetime import timedelta

import httpx
import pytest
from starlette.types import Message
from web_desk import TOKEN, Web, now

from battleshiper.platform.logs.port import LogKind, LogLine
from battleshiper.platform.model.deployment import State
from battleshiper.platform.model.instructions import Instructions
from battleshiper.platform.store.port import ConflictError
from battleshiper.platform.uploads.signed import SignedUploads, UploadPolicy, UploadRefusedError


def test_claim(web: Web) -> None:
    """A claim is answered once with instructions; then, like an unknown one, with 403, and without any, 401."""
    bearer = {"authorization": f"Bearer {web.claims.issue('d')}"}
    first = web.client.post("/runner/claim", headers=bearer)
    assert Instructions.model_validate_json(first.text).deployment_id == "d"
    assert web.client.post("/runner/claim", headers=bearer).status_code == 403
    assert web.client.post("/runner/claim").status_code == 401


def grant(web: Web, **changes: object) -> httpx.URL:
    """Return where the one deployment's build, which is running, may upload to."""
    if web.store.deployment("d").state is State.QUEUED:
        web.store.advance(web.deployment, State.BUILDING)
    values = {"files": 10, "file_bytes": 100, "total_bytes": 10_000, "expires_at": now() + timedelta(minutes=1)}
    return httpx.URL(web.uploads.grant("builds/p/d/", **{**values, **changes}).url)  # type: ignore[arg-type]


def upload(web: Web, key: str, body: bytes = b"hello", url: httpx.URL | None = None, **changes: str) -> int:
    url = (url or grant(web)).copy_merge_params(changes)
    data = {"key": key, "Content-Type": "text/plain"}
    return web.client.post(str(url), data=data, files={"file": ("x", io.BytesIO(body))}).status_code


def test_upload(web: Web) -> None:
    """A file within the grant is stored under its key."""
    assert upload(web, "builds/p/d/client/index.html") == 204
    assert web.objects.read("builds/p/d/client/index.html") == b"hello"


@pytest.mark.parametrize(
    "key", ["builds/p/other/x", "sites/p/d/x", "builds/p/d/../../../x", "/etc/passwd", "builds/p/d/", "builds/p/d/a\\b"]
)
def test_upload_elsewhere(web: Web, key: str) -> None:
    """A key outside of the grant's prefix is refused."""
    assert upload(web, key) == 403


def test_upload_with_a_forged_policy(web: Web) -> None:
    """A policy that we did not sign, or whose time is over, is refused."""
    assert upload(web, "builds/p/d/x", signature="0" * 64) == 403
    assert upload(web, "builds/p/d/x", policy="💥") == 403
    assert upload(web, "builds/p/d/x", url=grant(web, expires_at=now() - timedelta(seconds=1))) == 403


@pytest.mark.parametrize(
    ("signature", "length", "status"), [("0" * 64, "1000", 403), (None, "900000000", 413), (None, "many", 411)]
)
def test_upload_is_refused_before_it_is_read(web: Web, signature: str | None, length: str, status: int) -> None:
    """Nothing is read of what may not be uploaded, so that nobody else can fill the disk."""
    url = grant(web)
    if signature is not None:
        url = url.copy_set_param("signature", signature)
    read: list[str] = []
    scope = {
        "type": "http",
        "method": "POST",
        "path": url.path,
        "query_string": url.query,
        "headers": [(b"content-length", length.encode()), (b"content-type", b"multipart/form-data; boundary=x")],
    }
    sent: list[Message] = []

    async def receive() -> Message:
        read.append("asked")
        return {"type": "http.request", "body": b"x", "more_body": True}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(web.app(scope, receive, send))
    assert (sent[0]["status"], read) == (status, [])


def test_upload_too_large(web: Web) -> None:
    """A file above the grant's size is refused."""
    assert upload(web, "builds/p/d/x", b"x" * 200_000) == 413


@pytest.mark.parametrize(("changes", "fitting"), [({"files": 3}, 3), ({"total_bytes": 2000}, 5)])
def test_uploads_are_bounded_together(web: Web, changes: dict[str, int], fitting: int) -> None:
    """A build that has uploaded its share may upload nothing more, under no other key and not twice the same."""
    url = grant(web, **changes)
    answers = [upload(web, f"builds/p/d/{number % 2}", b"x" * 50, url) for number in range(fitting + 10)]
    assert answers.count(204) <= fitting
    assert answers == [204] * answers.count(204) + [403] * answers.count(403)


def test_a_later_grant_ends_the_one_before(web: Web) -> None:
    """Who has the grant of an attempt that was lost can write nothing among what the next one uploads."""
    first, second = grant(web), grant(web)
    assert upload(web, "builds/p/d/x", url=first) == 403
    assert upload(web, "builds/p/d/x", url=second) == 204


def test_a_grant_ends_with_the_platform(web: Web) -> None:
    """A grant of an earlier process, whose runner ended with it, is worth nothing."""
    url = grant(web)
    with pytest.raises(UploadRefusedError):
        SignedUploads("http://testserver/runner/uploads", now).check(url.params["policy"], url.params["signature"])


@pytest.mark.parametrize("end", [State.DEPLOYING, State.CANCELED, None])
def test_uploads_end_with_the_build(web: Web, end: State | None) -> None:
    """Once a deployment is not being built any more, or is gone, its grant is worth nothing."""
    url = grant(web)
    if end is None:
        web.store.delete_project("p")
    else:
        web.store.advance(web.store.deployment("d"), end)
    assert upload(web, "builds/p/d/x", url=url) == 403
    assert list(web.objects.list("builds/")) == []


def test_a_build_that_ends_while_a_file_comes(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was still on its way when the build ended is not stored."""
    url = grant(web)
    count = web.uploads.count

    def end_meanwhile(policy: UploadPolicy, size: int) -> None:
        count(policy, size)
        web.store.advance(web.store.deployment("d"), State.CANCELED)

    monkeypatch.setattr(web.uploads, "count", end_meanwhile)
    assert upload(web, "builds/p/d/x", url=url) == 403
    assert list(web.objects.list("builds/")) == []


def test_api_needs_the_token(web: Web) -> None:
    """Without the operator's token the API answers nothing."""
    assert web.api("GET", "/projects", token="wrong")[0] == 401
    assert web.client.get("/api/v1/projects").status_code == 401


def test_api_lists(web: Web) -> None:
    """Projects, deployments and deliveries are listed with what the command line shows."""
    _, projects = web.api("GET", "/projects")
    _, deployments = web.api("GET", "/deployments?project=site")
    _, deliveries = web.api("GET", "/deliveries")
    assert projects[0]["url"] == "http://site.localhost:8787"
    assert deployments[0]["id"] == projects[0]["latest_deployment"]["id"] == "d"
    assert deliveries[0]["decisions"][0]["reason"] == "pushed to main"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/deployments?project=nothing", 404),
        ("GET", "/deployments/nothing", 404),
        ("GET", "/deployments?limit=many", 400),
        ("GET", "/deployments/d/logs/nothing", 400),
        ("POST", "/projects/nothing/rollback", 404),
        ("POST", "/projects/site/promote", 409),
        ("POST", "/projects/me/site/rollback", 404),
        ("GET", "/nothing", 404),
    ],
)
def test_api_refuses_clearly(web: Web, method: str, path: str, status: int) -> None:
    """What cannot be done is answered with one sentence, never with a crash."""
    code, body = web.api(method, path)
    assert code == status
    assert body["detail"].endswith(".")


def test_api_log(web: Web) -> None:
    """A log is read from where the reader stopped, and said to be finished when nothing can follow."""
    web.logs.append("d", LogKind.BUILD, "one")
    web.logs.append("d", LogKind.BUILD, "two")
    _, page = web.api("GET", "/deployments/d/logs/build?start=1")
    assert ([line["text"] for line in page["lines"]], page["next"], page["finished"]) == (["two"], 2, False)
    web.store.advance(web.deployment, State.CANCELED)
    assert web.api("GET", "/deployments/d/logs/build?start=2")[1]["finished"] is True


def test_api_log_with_numbers_left_out(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who reads on does so after the last line's number, however large it is."""
    number = 1_767_225_600_000_123
    asked = []

    def read(_: str, __: LogKind, start: int) -> list[LogLine]:
        asked.append(start)
        return [] if start else [LogLine("2026-01-01T00:00:00.000Z", "one", number)]

    monkeypatch.setattr(web.logs, "read", read)
    following = web.api("GET", "/deployments/d/logs/server")[1]["next"]
    assert following == number + 1
    assert web.api("GET", f"/deployments/d/logs/server?start={following}")[1]["next"] == following
    assert asked == [0, following]


def test_api_log_of_the_server(web: Web) -> None:
    """What a site prints while it is served can always go on, so that it can be followed."""
    web.store.advance(web.deployment, State.CANCELED)
    assert web.api("GET", "/deployments/d/logs/server")[1]["finished"] is False


def test_somebody_was_faster(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """An operation that lost a race is told so."""

    def lose(*_: object, **__: object) -> None:
        raise ConflictError("moved meanwhile")

    monkeypatch.setattr(web.store, "create_deployment", lose)
    assert web.api("POST", "/projects/site/redeploy")[0] == 409


def test_an_expired_deployment(web: Web) -> None:
    """The API leads to no site that is gone, and says since when."""
    deployment = web.store.advance(web.store.advance(web.deployment, State.BUILDING), State.DEPLOYING)
    live = web.store.go_live(deployment, own="site-d", moving=[], url="http://site-d.localhost", function=None)
    assert web.api("GET", "/deployments/d")[1]["url"] == "http://site-d.localhost"  # type: ignore[index]
    expired = web.store.expire(live, {"site-d"}).deployment
    assert expired.expired_at is not None
    _, shown = web.api("GET", "/deployments/d")
    assert (shown["state"], shown["url"]) == ("ready", None)  # type: ignore[index]
    assert shown["expired_at"] == expired.expired_at.isoformat(timespec="milliseconds")  # type: ignore[index]


def test_variables(web: Web) -> None:
    """They are set by the body, listed without their values, and removed; each mistake is told."""
    headers = {"authorization": f"Bearer {TOKEN}"}
    path = "/api/v1/projects/site/variables"
    secret = "top secret \N{SNOWMAN}\n"
    done = web.client.put(f"{path}/TOKEN?scope=production", content=secret, headers=headers)
    assert (done.status_code, done.json()["name"], done.json()["scope"]) == (200, "TOKEN", "production")
    listed = web.client.get(path, headers=headers)
    assert [(each["name"], each["scope"]) for each in listed.json()] == [("TOKEN", "production")]
    assert "secret" not in done.text + listed.text
    (kept,) = web.store.variables("p")
    assert "secret" not in kept.sealed
    for method, address, status in (
        ("PUT", f"{path}/1X?scope=production", 400),
        ("PUT", f"{path}/X", 400),
        ("PUT", "/api/v1/projects/none/variables/X?scope=preview", 404),
        ("DELETE", f"{path}/TOKEN?scope=preview", 404),
        ("DELETE", f"{path}/TOKEN?scope=production", 200),
        ("DELETE", f"{path}/TOKEN?scope=production", 404),
    ):
        assert web.client.request(method, address, headers=headers).status_code == status, address
    for body in (b"\xff", b"x" * 70_000, b"x" * 20_000):
        assert web.client.put(f"{path}/X?scope=production", content=body, headers=headers).status_code == 400
    assert web.client.put(f"{path}/X?scope=production", content=b"x").status_code == 401
