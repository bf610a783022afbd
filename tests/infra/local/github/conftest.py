"""A running stand-in, a person who pushes to it, an App that talks to it, and GitHub's own description of both."""

import json
import os
import re
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import jwt
import pytest
import uvicorn
from github_description import OpenApi
from npm_package import bring

from battleshiper.infra.local.github.app import PERSONAL_TOKEN_FILE, create_app
from battleshiper.infra.local.github.credentials import AppCredentials, generate_app_credentials
from battleshiper.infra.local.github.person import Person as Somebody
from battleshiper.infra.local.github.records.digest import digest
from battleshiper.infra.local.github.settings import GitHubSettings

HERE = Path(__file__).parent
APP_ID = 77
CALLBACK = "https://ship.example.org/signed-in"


@dataclass
class Received:
    """A webhook request that arrived."""

    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> str:
        return self.headers["x-github-event"]

    @property
    def payload(self) -> dict[str, Any]:
        return json.loads(self.body)


class Hook:
    """What listens at the webhook's address; `status` is what it answers, after `delay` seconds."""

    def __init__(self) -> None:
        hook = self
        self.received: list[Received] = []
        self.status = 202
        self.delay = 0.0

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                hook.received.append(Received({key.lower(): value for key, value in self.headers.items()}, body))
                time.sleep(hook.delay)
                self.send_response(hook.status)
                self.send_header("content-length", "2")
                self.end_headers()
                self.wfile.write(b"ok")

            def log_message(self, *arguments: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.block_on_close = False
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/webhooks/github"
        threading.Thread(target=self._server.serve_forever, args=[0.02], daemon=True).start()

    def wait(self, event: str, count: int = 1) -> list[Received]:
        """Return the deliveries of an event when there are `count`."""
        wait_until(lambda: len(self.of(event)) >= count)
        return self.of(event)

    def of(self, event: str) -> list[Received]:
        """Return the deliveries of an event so far."""
        return [received for received in self.received if received.event == event]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def wait_until(true: Callable[[], object], seconds: float = 20) -> None:
    """Wait for something to become true."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


@dataclass
class StandIn:
    """A stand-in that runs until `stop`, and may be started again on the same data and address."""

    data_dir: Path
    credentials: AppCredentials
    hook: Hook
    options: dict[str, Any] = field(default_factory=dict)
    shift: timedelta = timedelta()
    """How far its clock is ahead."""
    port: int = 0

    def start(self) -> None:
        listener = socket.create_server(("127.0.0.1", self.port))
        self.port = listener.getsockname()[1]
        named = {
            "app_id": APP_ID,
            "app_public_key": self.credentials.public_key,
            "webhook_secret": self.credentials.webhook_secret,
            "webhook_url": self.hook.url,
            "webhook_patience": 5.0,
            "client_secret_digest": digest(self.credentials.client_secret),
            "callback_urls": (CALLBACK, f"{CALLBACK}/other?from=github"),
        }
        settings = GitHubSettings(data_dir=self.data_dir, base_url=self.url, **{**named, **self.options})
        app = create_app(settings, lambda: datetime.now(UTC) + self.shift)
        config = uvicorn.Config(app, ws="none", log_level="critical", lifespan="on", timeout_graceful_shutdown=2)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=[[listener]], daemon=True)
        self._thread.start()
        self._listener = listener
        wait_until(lambda: self._server.started)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(20)
        self._listener.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def personal_token(self) -> str:
        return (self.data_dir / PERSONAL_TOKEN_FILE).read_text().strip()

    def app_token(self, **claims: object) -> str:
        """Return a JWT of the App; `claims` replace the good ones, None leaves one out."""
        now = int(time.time())
        good = {"iat": now - 30, "exp": now + 540, "iss": str(APP_ID)} | claims
        kept = {name: value for name, value in good.items() if value is not None}
        return jwt.encode(kept, self.credentials.private_key, algorithm="RS256")


@pytest.fixture(scope="session")
def credentials() -> AppCredentials:
    return generate_app_credentials()


@pytest.fixture
def hook() -> Iterator[Hook]:
    hook = Hook()
    yield hook
    hook.close()


@pytest.fixture
def make_standin(tmp_path: Path, credentials: AppCredentials, hook: Hook) -> Iterator[Callable[..., StandIn]]:
    made = []

    def make(**options: Any) -> StandIn:
        standin = StandIn(tmp_path / "github", credentials, hook, options)
        standin.start()
        made.append(standin)
        return standin

    yield make
    for standin in made:
        standin.stop()


@pytest.fixture
def standin(make_standin: Callable[..., StandIn]) -> StandIn:
    return make_standin()


@dataclass
class Person:
    """Somebody with a work tree."""

    folder: Path
    standin: StandIn

    def git(self, *arguments: str, check: bool = True) -> str:
        """Run git in the work tree and return what it prints."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_AUTHOR_NAME": "Ada",
            "GIT_AUTHOR_EMAIL": "ada@example.org",
            "GIT_COMMITTER_NAME": "Ada",
            "GIT_COMMITTER_EMAIL": "ada@example.org",
        }
        done = subprocess.run(["git", *arguments], cwd=self.folder, env=environment, capture_output=True, text=True)
        if check and done.returncode:
            raise AssertionError(done.stderr)
        return (done.stdout + done.stderr).strip() if not check else done.stdout.strip()

    def commit(self, path: str, text: str, message: str = "A change") -> str:
        """Commit one file and return the hash."""
        (self.folder / path).write_text(text)
        self.git("add", "--", path)
        self.git("commit", "--quiet", "--message", message)
        return self.git("rev-parse", "HEAD")

    def push(self, *refspecs: str, name: str = "site", owner: str = "me") -> None:
        self.git("push", "--quiet", f"{self.standin.url}/{owner}/{name}.git", *refspecs)

    def remote(self, token: str, name: str = "site", user: str = "x-access-token") -> str:
        """Return an address to fetch from."""
        return f"http://{user}:{token}@127.0.0.1:{self.standin.port}/me/{name}.git"


@pytest.fixture
def make_person(tmp_path: Path, standin: StandIn) -> Callable[[], Person]:
    def make() -> Person:
        folder = tmp_path / f"work-{time.monotonic_ns()}"
        folder.mkdir()
        person = Person(folder, standin)
        person.git("init", "--quiet", "--initial-branch=main")
        return person

    return make


@pytest.fixture
def person(make_person: Callable[[], Person]) -> Person:
    return make_person()


@pytest.fixture(scope="session")
def openapi() -> OpenApi:
    """Return the description, brought by npm at first and kept in the cache."""
    (kept,) = bring(HERE, "@octokit/openapi/generated/api.github.com.json")
    document = json.loads(kept.read_text("utf-8"))
    # GitHub's description wants the account in this one list to be a user and an enterprise at once.
    answer = document["paths"]["/app/installations"]["get"]["responses"]["200"]["content"]["application/json"]
    answer["schema"]["items"] = {"$ref": "#/components/schemas/installation"}
    # And it does not say that a head's repository may have been deleted.
    schemas = document["components"]["schemas"]
    for name in ("pull-request", "pull-request-simple"):
        head = schemas[name]["properties"]["head"]["properties"]
        head["repo"] = {"nullable": True, "allOf": [head["repo"]]}
    return OpenApi(document)


@dataclass
class Api:
    """A client of the REST API that checks each exchange against GitHub's description."""

    standin: StandIn
    openapi: OpenApi
    token: str

    def ask(
        self, method: str, path: str, /, body: Any = None, token: str | None = None, **query: object
    ) -> httpx.Response:
        """Send a request, check it, and return the answer whatever its status."""
        token = self.token if token is None else token
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        url = f"{self.standin.url}/api/v3{path}"
        answer = httpx.request(method, url, json=body, headers=headers, params=query or None, trust_env=False)
        content = answer.json() if answer.content else None
        self.openapi.check_exchange(method, path, body, answer.status_code, content)
        return answer

    def get(self, path: str, /, **query: object) -> Any:
        """Return what is there."""
        answer = self.ask("GET", path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: Any = None) -> Any:
        """Post and return what was made."""
        answer = self.ask("POST", path, body)
        assert answer.status_code in (201, 202), answer.text
        return answer.json()


@pytest.fixture
def app(standin: StandIn, openapi: OpenApi) -> Api:
    """Return a client with the App's own token."""
    return Api(standin, openapi, standin.app_token())


@pytest.fixture
def make_installation(app: Api) -> Callable[..., Api]:
    """Return a maker of clients with an installation's token; `wanted` is the body that asks for it."""

    def make(**wanted: object) -> Api:
        token = app.post("/app/installations/5001/access_tokens", wanted)["token"]
        return Api(app.standin, app.openapi, token)

    return make


@pytest.fixture
def installation(make_installation: Callable[..., Api]) -> Api:
    """Return a client with a token for everything that was granted."""
    return make_installation()


@pytest.fixture
def owner(standin: StandIn) -> Somebody:
    """Return the owner of everything."""
    return Somebody.owner(standin.url, standin.data_dir)


@pytest.fixture
def ada(standin: StandIn) -> Somebody:
    """Return somebody else."""
    return Somebody.other(standin.url, "ada")


@pytest.fixture
def as_person(standin: StandIn, openapi: OpenApi) -> Callable[[Somebody], Api]:
    """Return what makes a client that acts as somebody."""
    return lambda somebody: Api(standin, openapi, somebody.token)


class Client:
    """The App where people let it act for them: its server, and their browsers."""

    ID = "Iv1.battleshiper"

    def __init__(self, standin: StandIn, openapi: OpenApi) -> None:
        self.standin = standin
        self.openapi = openapi
        self.secret = standin.credentials.client_secret

    def visit(self, **query: str) -> httpx.Response:
        """Open the page that asks for consent."""
        path = f"{self.standin.url}/login/oauth/authorize"
        return httpx.get(path, params={"client_id": self.ID, **query}, trust_env=False)

    def press(self, page: httpx.Response, action: str, login: str = "me") -> httpx.Response:
        """Press a button of a consent page, as its own form does."""
        assert page.status_code == 200, page.text
        (path,) = re.findall(r'<form [^>]*action="([^"]*)"', page.text)
        kept = {
            name: unescape(value)
            for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text)
        }
        form = {**kept, "login": login, "action": action}
        return httpx.post(f"{self.standin.url}{path}", data=form, trust_env=False)

    @staticmethod
    def led_to(answer: httpx.Response) -> str:
        """Return where a page leads to by itself."""
        assert answer.status_code == 200, answer.text
        (found,) = re.findall(r'content="0; url=([^"]*)"', answer.text)
        return unescape(found)

    def authorize(self, login: str = "me", **query: str) -> dict[str, str]:
        """Consent as somebody, and return the query with which the browser is sent on."""
        answer = self.press(self.visit(**query), "authorize", login)
        return dict(parse_qsl(urlsplit(self.led_to(answer)).query))

    def exchange(self, **fields: str) -> dict[str, Any]:
        """Ask for a token with the client's secret."""
        return self.ask("/login/oauth/access_token", client_secret=self.secret, **fields)

    def ask(self, path: str, **fields: str) -> dict[str, Any]:
        """Ask by the client's id alone."""
        url, headers = f"{self.standin.url}{path}", {"Accept": "application/json"}
        answer = httpx.post(url, data={"client_id": self.ID, **fields}, headers=headers, trust_env=False)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def sign_in(self, login: str = "me", **fields: str) -> dict[str, Any]:
        """Return the tokens of somebody who consents."""
        return self.exchange(code=self.authorize(login)["code"], **fields)

    def manage(self, method: str, path: str, token: object, *, secret: str = "") -> httpx.Response:
        """Call what is for the client alone, and check the exchange against GitHub's description."""
        path = f"/applications/{self.ID}/{path}"
        answer = httpx.request(
            method,
            f"{self.standin.url}/api/v3{path}",
            json={"access_token": token},
            auth=(self.ID, secret or self.secret),
            trust_env=False,
        )
        content = answer.json() if answer.content else None
        self.openapi.check_exchange(method, path, {"access_token": token}, answer.status_code, content)
        return answer

    def api(self, token: str) -> Api:
        """Return a client of the API that acts for somebody."""
        return Api(self.standin, self.openapi, token)


@pytest.fixture
def client(standin: StandIn, openapi: OpenApi) -> Client:
    """Return the App as people meet it."""
    return Client(standin, openapi)
