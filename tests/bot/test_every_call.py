"""Every call that we make to GitHub, answered in every way that GitHub and what lies before it may answer."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from answering_server import Answer, Server, answering

from battleshiper.bot.checkup import list_installations
from battleshiper.bot.connection import Connection
from battleshiper.bot.conversation import Reaction
from battleshiper.bot.github import (
    CommitStatus,
    DeploymentState,
    DeploymentStatus,
    GitHubRefusedError,
    GitHubUnavailableError,
    NewGitHubDeployment,
    RepositoryAccess,
    StatusState,
)
from battleshiper.bot.redelivery import Redelivery
from battleshiper.bot.rest import RestGitHub
from battleshiper.bot.rest_conversation import RestConversation
from battleshiper.bot.source import GitHubSource
from battleshiper.bot.visitor import Visitor
from battleshiper.infra.local.github.credentials import generate_app_credentials
from battleshiper.platform.source.port import SourceError

SHA = "a" * 40
SHOP = RepositoryAccess(50, 7, "me/shop")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
DEPLOYMENT = {"id": 3, "sha": SHA, "payload": {"battleshiper": "d1"}}
ATTEMPT = {"id": 9, "guid": "g", "delivered_at": "2025-12-31T23:00:00Z", "status_code": 500}
MADE = {"id": 1, "slug": "s", "name": "S", "html_url": "https://h", "client_id": "c", "client_secret": "s", "pem": "p"}


@dataclass(frozen=True)
class Call:
    """One call: what it does, the requests that it makes with their good answers, and how it is told of bad ones."""

    run: Callable[[Connection], object]
    answers: Mapping[str, Answer]
    means_none: frozenset[str] = frozenset()
    """The requests whose 404 is an answer."""
    reads_nothing: bool = False
    """Whether any JSON will do."""
    goes_on: frozenset[str] = frozenset()
    """The requests whose refusal stops nothing else."""


def github(run: Callable[[RestGitHub], object]) -> Callable[[Connection], object]:
    """A call of the reporter's."""
    return lambda connection: run(RestGitHub(connection))


def conversation(run: Callable[[RestConversation], object]) -> Callable[[Connection], object]:
    """A call of the commenter's, and of who obeys commands."""
    return lambda connection: run(RestConversation(connection, 42))


def source(run: Callable[[GitHubSource], object]) -> Callable[[Connection], object]:
    """A call of the pipeline's."""
    return lambda connection: run(GitHubSource(connection, "https://git.example"))


COMMIT = (200, {"commit": {"sha": SHA, "commit": {"message": "m"}}})
CALLS = {
    "set_status": Call(
        github(lambda it: it.set_status(SHOP, SHA, CommitStatus("c", StatusState.SUCCESS, "", "https://t"))),
        {f"POST /repos/me/shop/statuses/{SHA}": (201, {})},
        reads_nothing=True,
    ),
    "branch_head": Call(
        github(lambda it: it.branch_head(SHOP, "main")),
        {"GET /repos/me/shop/branches/main": COMMIT},
        means_none=frozenset({"GET /repos/me/shop/branches/main"}),
    ),
    "deployments_of": Call(
        github(lambda it: it.deployments_of(SHOP, SHA)),
        {f"GET /repos/me/shop/deployments?sha={SHA}&per_page=100": (200, [DEPLOYMENT])},
    ),
    "create_deployment": Call(
        github(lambda it: it.create_deployment(SHOP, NewGitHubDeployment("main", "production", "", True, "d1"))),
        {"POST /repos/me/shop/deployments": (201, DEPLOYMENT)},
    ),
    "set_deployment_status": Call(
        github(
            lambda it: it.set_deployment_status(SHOP, 3, DeploymentStatus(DeploymentState.SUCCESS, "", "https://l"))
        ),
        {"POST /repos/me/shop/deployments/3/statuses": (201, {})},
        reads_nothing=True,
    ),
    "comments_of": Call(
        conversation(lambda it: list(it.comments_of(SHOP, 5))),
        {
            "GET /repos/me/shop/issues/5/comments?per_page=100&page=1": (200, [{"id": 1}] * 100),
            "GET /repos/me/shop/issues/5/comments?per_page=100&page=2": (200, [{"id": 2, "body": "b"}]),
        },
    ),
    "create_comment": Call(
        conversation(lambda it: it.create_comment(SHOP, 5, "b")),
        {"POST /repos/me/shop/issues/5/comments": (201, {"id": 1})},
    ),
    "edit_comment": Call(
        conversation(lambda it: it.edit_comment(SHOP, 1, "b")),
        {"PATCH /repos/me/shop/issues/comments/1": (200, {"id": 1})},
        reads_nothing=True,
    ),
    "head_of": Call(
        conversation(lambda it: it.head_of(SHOP, 5)), {"GET /repos/me/shop/pulls/5": (200, {"head": {"sha": SHA}})}
    ),
    "access_of": Call(
        conversation(lambda it: it.access_of(SHOP, "ada")),
        {"GET /repos/me/shop/collaborators/ada/permission": (200, {"permission": "write", "user": {"id": 6}})},
        means_none=frozenset({"GET /repos/me/shop/collaborators/ada/permission"}),
    ),
    "react": Call(
        conversation(lambda it: it.react(SHOP, 1, Reaction.SEEN)),
        {"POST /repos/me/shop/issues/comments/1/reactions": (201, {})},
        reads_nothing=True,
    ),
    "find": Call(
        source(lambda it: it.find("me/shop")),
        {
            "GET /repos/me/shop/installation": (200, {"id": 50, "account": {"id": 6}}),
            "GET /repos/me/shop": (200, {"id": 7, "full_name": "me/shop"}),
        },
        means_none=frozenset({"GET /repos/me/shop/installation", "GET /repos/me/shop"}),
    ),
    "repository": Call(
        source(lambda it: it.repository(50, 7)),
        {
            "GET /repositories/7": (200, {"full_name": "me/shop", "default_branch": "main"}),
            "GET /repos/me/shop/branches/main": COMMIT,
        },
        means_none=frozenset({"GET /repos/me/shop/branches/main"}),
    ),
    "moves": Call(
        source(lambda it: it.moves(50, 7)),
        {
            "GET /repositories/7/activity?time_period=day&per_page=100": (
                200,
                [{"id": 1, "ref": "refs/heads/main", "after": SHA, "timestamp": "2026-01-01T00:00:00Z"}],
            )
        },
        means_none=frozenset({"GET /repositories/7/activity?time_period=day&per_page=100"}),
    ),
    "head": Call(
        source(lambda it: it.head(50, 7, "me/shop", "main")),
        {"GET /repos/me/shop/branches/main": COMMIT},
        means_none=frozenset({"GET /repos/me/shop/branches/main"}),
    ),
    "files": Call(
        source(lambda it: it.files(50, 7, "me/shop", SHA)),
        {f"GET /repos/me/shop/git/trees/{SHA}?recursive=1": (200, {"tree": [{"path": "a", "type": "blob"}]})},
    ),
    "text": Call(
        source(lambda it: it.text(50, 7, "me/shop", SHA, "a b")),
        {f"GET /repos/me/shop/contents/a%20b?ref={SHA}": (200, {"content": "YQ==\n"})},
        means_none=frozenset({f"GET /repos/me/shop/contents/a%20b?ref={SHA}"}),
    ),
    "token": Call(
        source(lambda it: it.token(50, 7)), {"POST /app/installations/50/access_tokens": (201, {"token": "ghs_x"})}
    ),
    "redeliver": Call(
        lambda connection: Redelivery(connection, lambda: NOW).redeliver(),
        {
            "GET /app/hook/deliveries?per_page=100": (200, [ATTEMPT]),
            "POST /app/hook/deliveries/9/attempts": (202, {}),
        },
        reads_nothing=True,
        goes_on=frozenset({"POST /app/hook/deliveries/9/attempts"}),
    ),
    "list_installations": Call(list_installations, {"GET /app/installations?per_page=100": (200, [{"id": 50}])}),
}
ELSEWHERE = {"clone_url"}
"""Asks nothing of GitHub."""

LATER, NEVER = "later", "never"


@dataclass(frozen=True)
class Fault:
    """An answer, and whether it can be another one later."""

    answer: Answer
    outcome: str
    seconds: float | None = None
    """How long GitHub asks us to wait."""
    attempts: int = 1
    only_reading: bool = field(default=False)
    """Whether only who reads the answer can tell."""


HTML = b"<!DOCTYPE html><title>Unicorn!</title>"
FAULTS = {
    "401": Fault((401, {"message": "Bad credentials"}), LATER, attempts=2),
    "403": Fault((403, {"message": "Resource not accessible by integration"}), NEVER),
    "403 for a limit": Fault((403, {"message": "You have exceeded a secondary rate limit"}), LATER, 60.0),
    "404": Fault((404, {"message": "Not Found"}), NEVER),
    "409": Fault((409, {"message": "Conflict"}), NEVER),
    "422": Fault((422, {"message": "Validation Failed"}), NEVER),
    "429": Fault((429, {"message": "Too many"}, {"retry-after": "7"}), LATER, 7.0),
    "500": Fault((500, {"message": "Server Error"}), LATER),
    "503 with a wish": Fault((503, b"", {"retry-after": "9"}), LATER, 9.0),
    "HTML": Fault((200, HTML), LATER),
    "HTML as an error": Fault((502, HTML), LATER),
    "cut JSON": Fault((200, b'{"id": 1, "full_na'), LATER),
    "a cut answer": Fault((200, b"{", {"content-length": "100"}), LATER),
    "no answer": Fault((0, b""), LATER),
    "another shape": Fault((200, "well"), LATER, only_reading=True),
    "nothing in it": Fault((200, b""), LATER, only_reading=True),
}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Yield a running server."""
    with answering() as running:
        yield running


@pytest.fixture(scope="module")
def private_key() -> str:
    """Return the App's key."""
    return generate_app_credentials().private_key


@pytest.fixture(scope="module")
def connection(server: Server, private_key: str) -> Iterator[Connection]:
    """Yield a connection of the App's."""
    made = Connection(42, private_key, server.url, timeout_seconds=5, clock=lambda: datetime.now(UTC))
    yield made
    made.close()


CASES = [(name, request) for name, call in CALLS.items() for request in call.answers]


@pytest.mark.parametrize(("name", "request_"), CASES)
@pytest.mark.parametrize("kind", FAULTS)
def test_bad_answers(server: Server, connection: Connection, name: str, request_: str, kind: str) -> None:
    """Whoever asked learns whether to come again and when, no request is repeated by itself, but once with a new token,
    and afterwards everything works."""
    call, fault = CALLS[name], FAULTS[kind]
    server.asked.clear()
    server.answers.clear()
    serve(server, call)
    method, _, path = request_.partition(" ")
    server.answers[f"{method} /api/v3{path}"] = fault.answer
    is_signed_by_key = path.startswith("/app/") or path.endswith("/installation")
    expected = outcome(call, request_, fault)
    if expected is None:
        call.run(connection)
    else:
        with pytest.raises((GitHubRefusedError, GitHubUnavailableError, SourceError)) as caught:
            call.run(connection)
        assert told(caught.value) == expected
        if fault.seconds is not None and isinstance(caught.value, GitHubUnavailableError):
            assert caught.value.retry_after == fault.seconds
        assert "Unicorn" not in str(caught.value)
    made = server.asked_for.count(f"{method} /api/v3{path}")
    assert made == (fault.attempts if not is_signed_by_key else 1)
    serve(server, call)
    call.run(connection)


@pytest.mark.parametrize("kind", [kind for kind, fault in FAULTS.items() if kind != "404"])
def test_bad_answers_to_who_has_no_account(server: Server, kind: str) -> None:
    """The same holds for making the App, for which there is no token."""
    fault = FAULTS[kind]
    server.asked.clear()
    server.answers["POST /api/v3/app-manifests/code/conversions"] = fault.answer
    visitor = Visitor(server.url, timeout_seconds=5)
    with pytest.raises((GitHubRefusedError, GitHubUnavailableError)) as caught:
        visitor.exchange("code")
    assert told(caught.value) == fault.outcome
    assert len(server.asked) == 1
    server.answers["POST /api/v3/app-manifests/code/conversions"] = (201, MADE)
    assert visitor.exchange("code").id == 1
    visitor.close()


def test_no_call_is_left_out() -> None:
    """Whoever adds a call adds it here."""
    backends = (RestGitHub, RestConversation, GitHubSource)
    methods = {name for each in backends for name, _ in inspect.getmembers(each, inspect.isfunction) if name[0] != "_"}
    assert methods - ELSEWHERE <= CALLS.keys()


def serve(server: Server, call: Call) -> None:
    """Let the server answer as GitHub does on a good day."""
    for request, answer in call.answers.items():
        method, _, path = request.partition(" ")
        server.answers[f"{method} /api/v3{path}"] = answer


def outcome(call: Call, request: str, fault: Fault) -> str | None:
    """Return what whoever asked is to be told, None where the call goes on."""
    status = fault.answer[0]
    if status == 404 and request in call.means_none:
        return None
    if fault.outcome == NEVER and request in call.goes_on:
        return None
    if fault.only_reading and call.reads_nothing and not request.startswith("GET"):
        return None
    return fault.outcome


def told(error: Exception) -> str:
    """Return what an error says of asking again."""
    if isinstance(error, SourceError):
        return LATER if error.temporary else NEVER
    return LATER if isinstance(error, GitHubUnavailableError) else NEVER
