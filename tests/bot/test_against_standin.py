"""The bot against the GitHub stand-in: real HTTP, real git, real commits."""

import asyncio
import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from battleshiper.bot.access import AsApp, AsInstallation
from battleshiper.bot.checkup import AppCheckup
from battleshiper.bot.commenter import Commenter
from battleshiper.bot.connection import Connection
from battleshiper.bot.patience import Patience
from battleshiper.bot.pull_view import PullView
from battleshiper.bot.redelivery import Redelivery
from battleshiper.bot.report import Reporter
from battleshiper.bot.rest import RestGitHub
from battleshiper.bot.rest_conversation import RestConversation
from battleshiper.bot.source import GitHubSource
from battleshiper.bot.visitor import Visitor
from battleshiper.infra.local.github.app import create_app
from battleshiper.infra.local.github.credentials import generate_app_credentials
from battleshiper.infra.local.github.settings import GitHubSettings
from battleshiper.platform.bus.port import RetryLaterError
from battleshiper.platform.logs.files import FileLogs
from battleshiper.platform.model.delivery import Delivery
from battleshiper.platform.model.deployment import Environment, State
from battleshiper.platform.model.pull_request import PullRequest
from battleshiper.platform.objects.folder import FolderObjects
from battleshiper.platform.pipeline.places import SiteAddresses
from battleshiper.platform.pipeline.requests import pull_changed
from battleshiper.platform.source.port import SourceError
from battleshiper.platform.store.port import Acceptance

World = Any
"""The fixture's class; tests cannot import from conftest."""
INSTALLATION = 50
ROUNDS = count()


@dataclass
class Standin:
    """A running stand-in and the App's connection to it."""

    url: str
    connection: Connection

    def token(self) -> str:
        """Return a token for everything that the App may do."""
        path = f"/app/installations/{INSTALLATION}/access_tokens"
        token: str = self.connection.ask(AsApp(), "POST", path)["token"]
        return token

    def get(self, path: str) -> Any:
        """Return what the API answers."""
        answer = httpx.get(f"{self.url}/api/v3{path}", headers={"Authorization": f"Bearer {self.token()}"})
        return answer.raise_for_status().json()

    def fail(self, match: str, **fault: object) -> None:
        """Let a coming request go wrong."""
        httpx.post(f"{self.url}/_standin/faults", json={"match": match, **fault}).raise_for_status()


@dataclass
class Checkout:
    """A person's clone of a repository on the stand-in."""

    folder: Path

    def git(self, *arguments: str) -> str:
        """Run git and return what it prints."""
        command = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.org", *arguments]
        environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0"}
        ran = subprocess.run(command, cwd=self.folder, env=environment, check=True, capture_output=True, text=True)
        return ran.stdout.strip()

    def push(self, branch: str, message: str) -> str:
        """Commit, push to a branch and return the commit."""
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        self.git("push", "--quiet", "--force", "origin", f"HEAD:refs/heads/{branch}")
        return self.git("rev-parse", "HEAD")


@pytest.fixture(scope="module")
def standin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standin]:
    """Yield a stand-in whose App nobody listens for."""
    listening = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    app = generate_app_credentials()
    settings = GitHubSettings(
        data_dir=tmp_path_factory.mktemp("github"),
        base_url=url,
        app_id=42,
        app_public_key=app.public_key,
        webhook_secret=app.webhook_secret,
        webhook_url="http://127.0.0.1:1/webhooks/github",
        installation_id=INSTALLATION,
        webhook_patience=0,
    )
    config = uvicorn.Config(create_app(settings), log_level="warning", ws="none", lifespan="on")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    connection = Connection(42, app.private_key, f"{url}/api/v3", timeout_seconds=5)
    yield Standin(url, connection)
    connection.close()
    server.should_exit = True
    thread.join()
    listening.close()


@pytest.fixture
def checkout(standin: Standin, tmp_path: Path) -> Checkout:
    """Return a new clone of `me/shop`, with nothing pushed yet."""
    checkout = Checkout(tmp_path / "shop")
    checkout.folder.mkdir()
    checkout.git("init", "--quiet", "--initial-branch", "main")
    checkout.git("remote", "add", "origin", f"{standin.url}/me/{tmp_path.name}.git")
    return checkout


@dataclass
class Shop:
    """A project of the world whose repository is on the stand-in."""

    world: World
    standin: Standin
    name: str
    repository_id: int

    def deploy(self, identifier: str, sha: str, branch: str = "main", **more: Any) -> Any:
        """Ask for a deployment."""
        return self.world.deploy(identifier, sha=sha, branch=branch, project=f"p-{self.name}", **more)

    def statuses(self, sha: str) -> list[dict[str, Any]]:
        """Return the commit's statuses, oldest first."""
        found: list[dict[str, Any]] = self.standin.get(f"/repos/me/{self.name}/commits/{sha}/statuses")
        return found[::-1]

    def deployments(self) -> list[dict[str, Any]]:
        """Return the GitHub Deployments, oldest first, each with its statuses, oldest first."""
        found: list[dict[str, Any]] = self.standin.get(f"/repos/me/{self.name}/deployments")
        for deployment in found:
            path = f"/repos/me/{self.name}/deployments/{deployment['id']}/statuses"
            deployment["statuses"] = self.standin.get(path)[::-1]
        return found[::-1]


@pytest.fixture
def shop(world: World, standin: Standin, checkout: Checkout, tmp_path: Path) -> Shop:
    """Return a project whose reports go to the stand-in, with one commit on `main`."""
    checkout.push("main", "Begin")
    repositories = standin.get("/installation/repositories?per_page=100")["repositories"]
    repository_id = next(found["id"] for found in repositories if found["name"] == tmp_path.name)
    world.add_project(f"p-{tmp_path.name}", repository_id=repository_id, repository=f"me/{tmp_path.name}")
    github = RestGitHub(standin.connection)
    patience = Patience(lambda: world.now, standin.connection.pace)
    world.reporter = Reporter(world.store, github, world, lambda each: f"https://ship/deployments/{each.id}", patience)
    return Shop(world, standin, tmp_path.name, repository_id)


def test_a_push_is_shown_from_queued_to_ready(world: World, shop: Shop, checkout: Checkout) -> None:
    """The stand-in shows each state on the commit, and one Deployment of the branch with the site's address."""
    sha = checkout.push("main", "Say hello\n\nAt length.")
    deployment = shop.deploy("d1", sha)
    world.report("d1")
    deployment = world.store.advance(deployment, State.BUILDING)
    world.report("d1")
    world.finish(deployment)
    world.report("d1")
    statuses = shop.statuses(sha)
    assert [status["state"] for status in statuses] == ["pending", "pending", "success"]
    assert {status["context"] for status in statuses} == {f"battleshiper/p-{shop.name}"}
    assert statuses[-1]["target_url"] == "http://d1.localhost"
    [shown] = shop.deployments()
    assert (shown["sha"], shown["ref"], shown["environment"]) == (sha, "main", "production")
    assert (shown["production_environment"], shown["transient_environment"]) == (True, False)
    assert [status["state"] for status in shown["statuses"]] == ["queued", "in_progress", "success"]
    last = shown["statuses"][-1]
    assert (last["environment_url"], last["log_url"]) == ("http://d1.localhost", "https://ship/deployments/d1")


def test_any_branch_name_can_be_shown(world: World, shop: Shop, checkout: Checkout) -> None:
    """Branches with hashes, slashes, percent signs and emoji are refs like any other."""
    for number, branch in enumerate(["fix-#12", "feature/a%2Fb", "déjà-vu/🚀", "$(id)"]):
        sha = checkout.push(branch, f"On {branch}")
        world.finish(shop.deploy(f"d{number}", sha, branch, environment=Environment.PREVIEW))
        world.report(f"d{number}")
        shown = shop.deployments()[-1]
        assert (shown["ref"], shown["sha"], shown["environment"]) == (branch, sha, "preview")
    assert [shown["statuses"][-1]["state"] for shown in shop.deployments()] == ["success"] * 4


def test_a_pushed_commit_is_shown_after_its_branch_moved_on(world: World, shop: Shop, checkout: Checkout) -> None:
    """The Deployment is of the commit that was pushed, not of what the branch means by now."""
    sha = checkout.push("main", "First")
    shop.deploy("d1", sha)
    checkout.push("main", "Second")
    world.report("d1")
    [shown] = shop.deployments()
    assert (shown["ref"], shown["sha"]) == (sha, sha)


def test_the_older_production_site_becomes_inactive(world: World, shop: Shop, checkout: Checkout) -> None:
    """GitHub shows one active production Deployment, though the reports come in the wrong order."""
    first, second = checkout.push("main", "First"), checkout.push("main", "Second")
    world.finish(shop.deploy("d1", first))
    world.finish(shop.deploy("d2", second))
    world.report("d2")
    world.report("d1")
    states = {shown["sha"]: shown["statuses"][-1]["state"] for shown in shop.deployments()}
    assert states == {first: "inactive", second: "success"}


def test_a_lost_answer_makes_no_second_deployment(world: World, shop: Shop, checkout: Checkout) -> None:
    """502 after GitHub has done it is answered by looking first."""
    sha = checkout.push("main", "Once")
    world.finish(shop.deploy("d1", sha))
    shop.standin.fail(f"POST /api/v3/repos/me/{shop.name}/deployments", status=502, after=True)
    with pytest.raises(RetryLaterError):
        world.report("d1")
    world.wait(10)
    world.report("d1")
    [shown] = shop.deployments()
    assert [status["state"] for status in shown["statuses"]] == ["success"]


@pytest.mark.parametrize("kind", ["primary", "secondary"])
def test_limits_are_waited_for(world: World, shop: Shop, checkout: Checkout, kind: str) -> None:
    """GitHub's limits put the report off for as long as GitHub says; afterwards all is shown."""
    sha = checkout.push("main", "Slowly")
    shop.deploy("d1", sha)
    shop.standin.fail(f"POST /api/v3/repos/me/{shop.name}/statuses/*", rate_limit=kind, retry_after=40)
    with pytest.raises(RetryLaterError) as caught:
        world.report("d1")
    assert 35 <= caught.value.seconds <= 40
    world.wait(41)
    world.report("d1")
    assert [status["state"] for status in shop.statuses(sha)] == ["pending"]


def test_what_github_does_not_know_is_refused_for_good(world: World, shop: Shop) -> None:
    """A commit that was never pushed is logged and done with."""
    world.finish(shop.deploy("d1", "0" * 40))
    world.report("d1")
    assert world.store.report("d1").version == world.store.deployment("d1").version
    assert shop.deployments() == []


CALLS = ["POST /*/statuses/*", "* /*/deployments*", "* /*/comments*", "GET /*/branches/*", "POST /*/access_tokens"]
FAULTS: list[dict[str, object]] = [
    {"status": 401},
    {"status": 500},
    {"status": 502, "after": True},
    {"status": 503, "times": 2},
    {"rate_limit": "primary", "retry_after": 40},
    {"rate_limit": "secondary", "retry_after": 40},
    {"rate_limit": "secondary", "retry_after": 40, "after": True},
]


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(faults=st.lists(st.tuples(st.sampled_from(CALLS), st.sampled_from(FAULTS)), max_size=8))
def test_on_a_bad_day(
    world: World, shop: Shop, checkout: Checkout, tmp_path: Path, faults: list[tuple[str, dict[str, object]]]
) -> None:
    """Whatever answers fail or are lost on the way, in the end the commit has its last status, one Deployment and the
    pull request one comment that all say that it is ready."""
    number = next(ROUNDS)
    identifier, branch = f"bad{number}", f"bad-{number}"
    sha = checkout.push(branch, f"Round {number}")
    address = f"{shop.standin.url}/me/{shop.name}/pulls"
    opened = httpx.post(address, data={"head": branch, "base": "main", "title": "A change"})
    pull = int(opened.headers["location"].rpartition("/")[2])
    delivery = Delivery(f"pull-{identifier}", "pull_request", None, world.now, ())
    told = [PullRequest(shop.repository_id, pull, branch, sha, True, 100)]
    asyncio.run(world.store.decide_soon(delivery.id, lambda _: Acceptance(delivery, pulls=told)))
    logs, objects = FileLogs(tmp_path / "logs", lambda: world.now), FolderObjects(tmp_path / "objects")
    view = PullView(
        world.store, objects, logs, SiteAddresses("https", "example"), lambda each: f"https://ship/{each.id}"
    )
    conversation = RestConversation(shop.standin.connection, 42)
    commenter = Commenter(world.store, conversation, view, Patience(lambda: world.now, shop.standin.connection.pace))

    def tell() -> None:
        insist(world, lambda: world.report(identifier))
        insist(world, lambda: commenter.comment(pull_changed(shop.repository_id, pull)))

    deployment = shop.deploy(identifier, sha, branch, environment=Environment.PREVIEW)
    for match, fault in faults:
        method, _, path = match.partition(" ")
        shop.standin.fail(f"{method} /api/v3{path}", **fault)
    tell()
    deployment = world.store.advance(deployment, State.BUILDING)
    tell()
    world.finish(deployment)
    tell()
    httpx.delete(f"{shop.standin.url}/_standin/faults").raise_for_status()
    assert shop.statuses(sha)[-1]["state"] == "success"
    [shown] = [each for each in shop.deployments() if each["sha"] == sha]
    assert shown["statuses"][-1]["state"] == "success"
    [comment] = shop.standin.get(f"/repos/me/{shop.name}/issues/{pull}/comments")
    assert f"http://{identifier}.localhost" in comment["body"]


def insist(world: World, step: Callable[[], None]) -> None:
    """Take a step again and again, as the bus does, until it is taken."""
    for _ in range(30):
        try:
            return step()
        except RetryLaterError as error:
            world.wait(error.seconds + 1)
    raise AssertionError("it was put off thirty times")


def test_the_source_reads_a_repository_with_a_token_of_its_own(
    standin: Standin, shop: Shop, checkout: Checkout
) -> None:
    """The head is the pushed commit, and git takes the token for this repository."""
    sha = checkout.push("main", "Grüße\n\nMore.")
    source = GitHubSource(standin.connection, standin.url)
    described = source.repository(INSTALLATION, shop.repository_id)
    assert (described.full_name, described.default_branch) == (f"me/{shop.name}", "main")
    assert described.head is not None
    assert (described.head.sha, described.head.message.splitlines()[0]) == (sha, "Grüße")
    assert described.head.author == "Ada"
    token = source.token(INSTALLATION, shop.repository_id)
    address = source.clone_url(described.full_name).replace("://", f"://x-access-token:{token}@")
    assert sha in checkout.git("ls-remote", address)
    scope = httpx.get(
        f"{standin.url}/api/v3/repos/me/{shop.name}/deployments", headers={"Authorization": f"token {token}"}
    )
    assert scope.status_code == 403


def test_the_source_tells_what_was_pushed(standin: Standin, shop: Shop, checkout: Checkout) -> None:
    """The last move of each branch, to where or to nowhere, with what it points to."""
    source = GitHubSource(standin.connection, standin.url)
    assert source.find(f"me/{shop.name}").id == shop.repository_id
    checkout.push("next", "One")
    sha = checkout.push("next", "Two")
    checkout.push("gone", "Three")
    checkout.git("push", "--quiet", "--delete", "origin", "gone")
    moves = source.moves(INSTALLATION, shop.repository_id)
    assert [(move.branch, move.sha) for move in moves] == [("gone", None), ("next", sha), ("main", moves[-1].sha)]
    assert abs(moves[0].moved_at - time.time()) < 60
    head = source.head(INSTALLATION, shop.repository_id, f"me/{shop.name}", "next")
    assert (head.sha, head.message.strip()) == (sha, "Two")
    assert source.head(INSTALLATION, shop.repository_id, f"me/{shop.name}", "gone") is None


def test_the_source_shows_files(standin: Standin, shop: Shop, checkout: Checkout) -> None:
    """Those of all folders, and what one of them says; none that is not there, is a folder or no text."""
    source = GitHubSource(standin.connection, standin.url)
    (checkout.folder / "a b" / "deep").mkdir(parents=True)
    (checkout.folder / "a b" / "deep" / "grüße.txt").write_text("Guten Tag")
    (checkout.folder / "picture").write_bytes(b"\x89PNG\xff")
    checkout.git("add", "--all")
    sha = checkout.push("main", "Add files")
    place = (INSTALLATION, shop.repository_id, f"me/{shop.name}", sha)
    files = source.files(*place)
    assert {"a b/deep/grüße.txt", "picture"} <= set(files)
    assert "a b" not in files
    assert source.text(*place, "a b/deep/grüße.txt") == "Guten Tag"
    for path in ("a b", "none", "picture"):
        assert source.text(*place, path) is None


def test_an_unknown_installation_or_repository_is_told(standin: Standin) -> None:
    """Neither is worth another attempt."""
    source = GitHubSource(standin.connection, standin.url)
    for installation_id, repository_id in ((999, 1), (INSTALLATION, 10**9)):
        with pytest.raises(SourceError) as caught:
            source.token(installation_id, repository_id)
        assert not caught.value.temporary


def test_deliveries_that_nobody_took_are_asked_for_again(standin: Standin, shop: Shop) -> None:
    """The push that made the repository was announced to a closed port; later it is sent once more."""
    deadline = time.monotonic() + 20
    while not (before := standin.connection.ask(AsApp(), "GET", "/app/hook/deliveries")):
        assert time.monotonic() < deadline, "the stand-in delivers nothing"
        time.sleep(0.05)
    redelivery = Redelivery(standin.connection, lambda: datetime.now(UTC) + timedelta(minutes=2))
    assert redelivery.redeliver() >= len({attempt["guid"] for attempt in before})
    access = AsInstallation(INSTALLATION, shop.repository_id, (("contents", "read"),))
    assert standin.connection.ask(access, "GET", f"/repositories/{shop.repository_id}")["id"] == shop.repository_id


def test_the_apps_checkup(standin: Standin) -> None:
    """Everything that the stand-in says of its App is understood: all is well but that nobody takes its webhooks."""
    hook = "http://127.0.0.1:1/webhooks/github"
    visitor = Visitor(f"{standin.url}/api/v3")
    seen = {
        each.name: each
        for each in AppCheckup(standin.connection, visitor, standin.url, hook, lambda: datetime.now(UTC)).examine()
    }
    visitor.close()
    assert list(seen) == ["clock", "App", "permissions", "events", "installed", "webhook", "deliveries"]
    assert [name for name, each in seen.items() if each.remedy] == ["deliveries"]
    assert "DNS" in seen["deliveries"].remedy
