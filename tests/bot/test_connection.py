"""The connection to GitHub's API, against a server that answers as told."""

import subprocess
import sys
import threading
from collections.abc import Iterator

import jwt
import pytest
from answering_server import LONG_TOKEN, Answer, Server, answering
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from battleshiper.bot.access import AsApp, AsInstallation
from battleshiper.bot.connection import Connection
from battleshiper.bot.github import (
    CommitStatus,
    DeploymentState,
    DeploymentStatus,
    GitHubDeployment,
    GitHubRefusedError,
    GitHubUnavailableError,
    NewGitHubDeployment,
    RepositoryAccess,
    StatusState,
)
from battleshiper.bot.rest import RestGitHub
from battleshiper.bot.source import GitHubSource
from battleshiper.platform.source.port import Found, Head, SourceError

READ = AsInstallation(50, 7, (("contents", "read"),))
SHA = "a" * 40
SHOP = RepositoryAccess(50, 7, "me/shop")


@pytest.fixture
def server() -> Iterator[Server]:
    """Yield a running server."""
    with answering() as running:
        yield running


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    """Return the App's key."""
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture
def connection(server: Server, key: rsa.RSAPrivateKey) -> Iterator[Connection]:
    """Yield a connection to the server."""
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()
    connection = Connection(42, pem, server.url, timeout_seconds=2)
    yield connection
    connection.close()


def test_modules_of_the_bot_do_not_load_githubkit() -> None:
    """githubkit takes half a second to load, so only a call to GitHub loads it."""
    code = (
        "import sys\n"
        "import battleshiper.bot.report, battleshiper.bot.rest, battleshiper.bot.source, battleshiper.bot.redelivery\n"
        "from battleshiper.bot.connection import Connection\n"
        "Connection(1, 'key', 'http://localhost')\n"
        "sys.exit(any(name.startswith('githubkit') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_call_has_a_token_for_one_repository_and_its_permissions(
    server: Server, connection: Connection, key: rsa.RSAPrivateKey
) -> None:
    """The App signs in with a short JWT, asks for no more than it needs, and takes a token of any length."""
    server.answers["GET /api/v3/repositories/7"] = (200, {"id": 7})
    assert connection.ask(READ, "GET", "/repositories/7") == {"id": 7}
    token, call = server.asked
    claims = jwt.decode(token.headers["authorization"].removeprefix("Bearer "), key.public_key(), ["RS256"])
    assert claims["iss"] == "42"
    assert claims["exp"] - claims["iat"] <= 600
    assert token.path == "/api/v3/app/installations/50/access_tokens"
    assert token.body == {"repository_ids": [7], "permissions": {"contents": "read"}}
    assert call.headers["authorization"].removeprefix("token ") == LONG_TOKEN
    assert call.headers["x-github-api-version"] == "2022-11-28"


def test_a_token_is_kept_for_its_repository_and_permissions_only(server: Server, connection: Connection) -> None:
    """The same access asks for a token once; another repository or permission asks for its own."""
    server.answers["GET /api/v3/x"] = (200, {})
    for access in (
        READ,
        READ,
        AsInstallation(50, 8, (("contents", "read"),)),
        AsInstallation(50, 7, (("statuses", "write"),)),
    ):
        connection.ask(access, "GET", "/x")
    assert sum(path.endswith("access_tokens") for path in server.asked_for) == 3


def test_a_token_that_ended_early_is_replaced_once(server: Server, connection: Connection) -> None:
    """401 for a kept token brings a new one; 401 again is given back as a passing fault."""
    answers: list[Answer] = [(200, {}), (401, {"message": "Bad credentials"}), (200, {"second": True})]
    server.answers["GET /api/v3/x"] = lambda: answers.pop(0)
    connection.ask(READ, "GET", "/x")
    assert connection.ask(READ, "GET", "/x") == {"second": True}
    server.answers["GET /api/v3/x"] = (401, {"message": "Bad credentials"})
    with pytest.raises(GitHubUnavailableError):
        connection.ask(READ, "GET", "/x")


def test_a_token_that_may_not_act_is_dropped(server: Server, connection: Connection) -> None:
    """403 is what a suspended App is told: what is asked later is asked with a new token."""
    server.answers["GET /api/v3/x"] = (403, {"message": "This installation has been suspended"})
    with pytest.raises(GitHubRefusedError):
        connection.ask(READ, "GET", "/x")
    server.answers["GET /api/v3/x"] = (200, {})
    connection.ask(READ, "GET", "/x")
    assert sum(path.endswith("access_tokens") for path in server.asked_for) == 2


def test_nothing_is_asked_twice_by_itself(server: Server, connection: Connection) -> None:
    """A server error is given back at once: who asked decides when to ask again."""
    server.answers["POST /api/v3/x"] = (502, b"<html>", {"Content-Type": "text/html"})
    with pytest.raises(GitHubUnavailableError) as caught:
        connection.ask(READ, "POST", "/x", body={"a": 1})
    assert caught.value.status == 502
    assert server.asked_for.count("POST /api/v3/x") == 1


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        ((429, {}, {"Retry-After": "7"}), 7),
        ((403, {}, {"Retry-After": "Fri, 02 Jan 1970 00:00:00 GMT"}), 1),
        ((403, {"message": "You have exceeded a secondary rate limit"}), 60),
    ],
)
def test_limits_are_told_with_their_pause(
    server: Server, connection: Connection, answer: Answer, seconds: float
) -> None:
    """Limits on calls and on tokens look the same to who asks."""
    server.answers["GET /api/v3/x"] = answer
    for _ in range(2):
        with pytest.raises(GitHubUnavailableError) as caught:
            connection.ask(READ, "GET", "/x")
        assert caught.value.retry_after == seconds
        server.token_answer = answer
        connection.close()


def test_a_missing_installation_is_a_refusal(server: Server, connection: Connection) -> None:
    """An App that was uninstalled gets no token, now or later."""
    server.token_answer = (404, {"message": "Not Found"})
    with pytest.raises(GitHubRefusedError) as caught:
        connection.ask(READ, "GET", "/x")
    assert caught.value.status == 404


def test_no_answer_is_a_passing_fault(server: Server, connection: Connection) -> None:
    """Time that runs out, a closed port and a page that is not GitHub's are all worth another attempt."""
    release = threading.Event()

    def hang() -> Answer:
        release.wait(20)
        return 200, {}

    server.answers["GET /api/v3/slow"] = hang
    server.answers["GET /api/v3/page"] = (200, b"<html>")
    with pytest.raises(GitHubUnavailableError, match="in time"):
        connection.ask(READ, "GET", "/slow")
    release.set()
    with pytest.raises(GitHubUnavailableError, match="not JSON"):
        connection.ask(READ, "GET", "/page")
    server.token_answer = (201, {"token": LONG_TOKEN, "expires_at": "soon"})
    with pytest.raises(GitHubUnavailableError) as caught:
        connection.ask(AsInstallation(51, 7, ()), "GET", "/page")
    assert LONG_TOKEN not in str(caught.value)


def test_a_closed_port_is_a_passing_fault(key: rsa.RSAPrivateKey) -> None:
    """GitHub being down is told as such."""
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    with pytest.raises(GitHubUnavailableError, match="cannot be reached"):
        Connection(1, pem, "http://127.0.0.1:1/api/v3").ask(AsApp(), "GET", "/app")


def test_a_key_that_is_none_is_told_without_showing_it(server: Server) -> None:
    """Somebody can put the key right; nothing is lost until then."""
    connection = Connection(1, "-----BEGIN NOTHING-----", server.url)
    with pytest.raises(GitHubUnavailableError, match="check its id and key"):
        connection.ask(READ, "GET", "/x")
    connection.close()


def test_connections_outlive_a_call(server: Server, connection: Connection) -> None:
    """githubkit closes its client after each call; the connection behind it stays open."""
    server.answers["GET /api/v3/x"] = (200, {})
    connection.ask(READ, "GET", "/x")
    [pool] = [connection._pool._open()._transport]
    before = list(pool._pool.connections)  # type: ignore[attr-defined]
    connection.ask(READ, "GET", "/x")
    assert list(pool._pool.connections) == before  # type: ignore[attr-defined]
    assert len(before) == 1


def test_statuses_and_deployments_are_sent_as_github_documents_them(server: Server, connection: Connection) -> None:
    """Each body has the fields that keep GitHub from merging, waiting or ending others."""
    made = {"id": 9, "sha": SHA, "payload": {"battleshiper": "d1"}}
    server.answers |= {
        f"POST /api/v3/repos/me/shop/statuses/{SHA}": (201, {}),
        "POST /api/v3/repos/me/shop/deployments": (201, made),
        "POST /api/v3/repos/me/shop/deployments/9/statuses": (201, {}),
    }
    github = RestGitHub(connection)
    github.set_status(SHOP, SHA, CommitStatus("battleshiper/shop", StatusState.PENDING, "Queued", "http://log"))
    new = NewGitHubDeployment("main", "preview", "Queued", False, "d1")
    assert github.create_deployment(SHOP, new) == GitHubDeployment(9, SHA, "d1")
    github.set_deployment_status(SHOP, 9, DeploymentStatus(DeploymentState.QUEUED, "Queued", "http://log"))
    bodies = [asked.body for asked in server.asked if not asked.path.endswith("access_tokens")]
    assert bodies == [
        {
            "context": "battleshiper/shop",
            "state": "pending",
            "description": "Queued",
            "target_url": "http://log",
        },
        {
            "ref": "main",
            "environment": "preview",
            "description": "Queued",
            "production_environment": False,
            "transient_environment": True,
            "auto_merge": False,
            "required_contexts": [],
            "payload": {"battleshiper": "d1"},
        },
        {"state": "queued", "description": "Queued", "log_url": "http://log", "auto_inactive": False},
    ]


def test_deployments_are_known_by_their_payload(server: Server, connection: Connection) -> None:
    """Payloads of others, of any form, are not taken for ours."""
    payloads: list[object] = [
        {"battleshiper": "d1"},
        '{"battleshiper": "d2"}',
        "{",
        "",
        None,
        [],
        {"battleshiper": 3},
        {"a": "d1"},
    ]
    answer = [{"id": number, "sha": SHA, "payload": payload} for number, payload in enumerate(payloads)]
    server.answers[f"GET /api/v3/repos/me/shop/deployments?sha={SHA}&per_page=100"] = (200, answer)
    found = RestGitHub(connection).deployments_of(SHOP, SHA)
    assert [deployment.deployment_id for deployment in found] == ["d1", "d2", *[None] * 6]


def test_a_branch_of_any_name_is_asked_for(server: Server, connection: Connection) -> None:
    """A branch's name is data: slashes, hashes and emoji stay inside one path segment."""
    server.answers["GET /api/v3/repos/me/shop/branches/a%2F%23b%25%F0%9F%9A%80"] = (200, {"commit": {"sha": SHA}})
    github = RestGitHub(connection)
    assert github.branch_head(SHOP, "a/#b%🚀") == SHA
    assert github.branch_head(SHOP, "gone") is None


def test_what_has_not_changed_is_not_sent_again(server: Server, connection: Connection) -> None:
    """GitHub is asked whether there is another answer, and only by who got that one; writing asks for nothing."""
    body = {"full_name": "me/shop"}

    def answer() -> Answer:
        is_known = server.asked[-1].headers.get("if-none-match") == '"one"'
        return (304, b"") if is_known else (200, body, {"etag": '"one"'})

    server.answers |= {"GET /api/v3/repos/me/shop": answer, "POST /api/v3/repos/me/shop": (200, {}, {"etag": '"one"'})}
    for access, status in ((READ, "200"), (READ, "304"), (AsInstallation(50, 7, (("statuses", "read"),)), "200")):
        assert connection.ask(access, "GET", "/repos/me/shop") == body
        assert ("if-none-match" in server.asked[-1].headers) == (status == "304")
    connection.ask(READ, "POST", "/repos/me/shop", body={})
    assert "if-none-match" not in server.asked[-1].headers
    body["full_name"] = "me/store"
    server.answers["GET /api/v3/repos/me/shop"] = (200, body, {"etag": '"two"'})
    assert connection.ask(READ, "GET", "/repos/me/shop") == {"full_name": "me/store"}


def test_the_source_finds_a_repository(server: Server, connection: Connection) -> None:
    """By its name, with the installation that sees it; there is none where the App is not installed."""
    source = GitHubSource(connection, "https://git.example/")
    assert source.find("me/shop") is None
    server.answers["GET /api/v3/repos/me/shop/installation"] = (200, {"id": 50, "account": {"id": 9, "login": "me"}})
    server.answers["GET /api/v3/repos/me/shop"] = (200, {"id": 7, "full_name": "Me/Shop", "private": True})
    assert source.find("me/shop") == Found(7, "Me/Shop", 50, 9)
    assert server.asked[-2].body == {"permissions": {"metadata": "read"}}


def test_the_source_describes_a_repository(server: Server, connection: Connection) -> None:
    """Name, default branch and its head come from two calls; an empty repository has no head."""
    server.answers["GET /api/v3/repositories/7"] = (200, {"full_name": "me/shop", "default_branch": "trunk"})
    source = GitHubSource(connection, "https://git.example/")
    assert source.repository(50, 7).head is None
    commit = {"sha": SHA, "commit": {"message": "Begin", "author": {"name": "Ada"}}}
    server.answers["GET /api/v3/repos/me/shop/branches/trunk"] = (200, {"commit": commit})
    described = source.repository(50, 7)
    assert (described.full_name, described.default_branch) == ("me/shop", "trunk")
    assert described.head == Head(SHA, "Begin", "Ada")
    assert source.clone_url("me/shop") == "https://git.example/me/shop.git"


def test_the_source_tells_when_a_repository_changed(server: Server, connection: Connection) -> None:
    """Its times are whole seconds, as in webhooks; what is archived is told."""
    server.answers["GET /api/v3/repositories/7"] = (
        200,
        {
            "full_name": "me/shop",
            "default_branch": "trunk",
            "archived": True,
            "pushed_at": "2019-05-15T15:20:33Z",
            "updated_at": "2019-05-15T15:20:41Z",
        },
    )
    described = GitHubSource(connection, "https://git.example").repository(50, 7)
    assert (described.is_archived, described.pushed_at, described.updated_at) == (True, 1_557_933_633, 1_557_933_641)


def test_the_source_gives_a_fresh_token_each_time(server: Server, connection: Connection) -> None:
    """A build's token has its whole hour before it, and reads one repository."""
    source = GitHubSource(connection, "https://git.example")
    assert [source.token(50, 7), source.token(50, 7)] == [LONG_TOKEN, LONG_TOKEN]
    assert [asked.body for asked in server.asked] == [{"repository_ids": [7], "permissions": {"contents": "read"}}] * 2


@pytest.mark.parametrize(
    ("status", "temporary"),
    [(403, False), (404, False), (422, False), (401, True), (429, True), (500, True), (503, True)],
)
def test_the_source_tells_whether_to_ask_again(
    server: Server, connection: Connection, status: int, temporary: bool
) -> None:
    """Refusals are for good, everything else passes; both for tokens and for descriptions."""
    source = GitHubSource(connection, "https://git.example")
    server.answers["GET /api/v3/repositories/7"] = (status, {"message": "No."})
    with pytest.raises(SourceError) as caught:
        source.repository(50, 7)
    assert caught.value.temporary is temporary
    server.token_answer = (status, {"message": "No."})
    with pytest.raises(SourceError) as caught:
        source.token(50, 7)
    assert caught.value.temporary is temporary
    assert "No." in str(caught.value)


def test_an_answer_of_another_shape_is_a_passing_fault(server: Server, connection: Connection) -> None:
    """Something between us and GitHub answered; it is told what was wrong, not what was said."""
    server.answers["GET /api/v3/repositories/7"] = (200, {"full_name": 3, "secret": "value"})
    with pytest.raises(SourceError, match="full_name") as caught:
        GitHubSource(connection, "https://git.example").repository(50, 7)
    assert caught.value.temporary
    assert "value" not in str(caught.value)


def test_pages_are_followed_by_their_cursor(server: Server, connection: Connection) -> None:
    """Only the cursor of the next page's address is used, so no answer can send us elsewhere."""
    elsewhere = {"Link": '<http://elsewhere.invalid/other?per_page=100&cursor=v1_2>; rel="next"'}
    server.answers["GET /api/v3/app/hook/deliveries?per_page=100"] = (200, [1], elsewhere)
    server.answers["GET /api/v3/app/hook/deliveries?per_page=100&cursor=v1_2"] = (200, [2])
    assert list(connection.pages(AsApp(), "/app/hook/deliveries", 5)) == [[1], [2]]
    assert list(connection.pages(AsApp(), "/app/hook/deliveries", 1)) == [[1]]


def test_writing_to_a_renamed_repository_follows_githubs_redirect(server: Server, connection: Connection) -> None:
    """307 carries the body and the token along; a redirect that would turn writing into reading is a fault."""
    moved = {"Location": "/api/v3/repositories/7/statuses"}
    server.answers["POST /api/v3/repos/me/old/statuses"] = (307, {}, moved)
    server.answers["POST /api/v3/repositories/7/statuses"] = (201, {"id": 1})
    server.answers["GET /api/v3/repositories/7/statuses"] = (200, [])
    assert connection.ask(READ, "POST", "/repos/me/old/statuses", body={"state": "pending"}) == {"id": 1}
    last = server.asked[-1]
    assert (last.body, last.headers["authorization"]) == ({"state": "pending"}, f"token {LONG_TOKEN}")
    server.answers["POST /api/v3/repos/me/old/statuses"] = (301, {}, moved)
    with pytest.raises(GitHubUnavailableError):
        connection.ask(READ, "POST", "/repos/me/old/statuses", body={"state": "pending"})
