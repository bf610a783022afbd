"""Signing in against the GitHub stand-in, and against servers that answer otherwise."""

import html
import re
import socket
import subprocess
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from answering_server import Server, answering

from battleshiper.bot.identity import GitHubIdentityProvider, OAuthClient
from battleshiper.infra.local.github.app import create_app
from battleshiper.infra.local.github.credentials import generate_app_credentials
from battleshiper.infra.local.github.person import Person
from battleshiper.infra.local.github.settings import GitHubSettings
from battleshiper.infra.local.serving import Listener
from battleshiper.platform.identity.port import (
    CALLBACK_PATH,
    IdentityMisconfiguredError,
    IdentityRefusedError,
    IdentityUnavailableError,
    UserTokens,
)
from battleshiper.platform.model.reach import Permission

CALLBACK = f"https://ship.example{CALLBACK_PATH}"
CLIENT = OAuthClient("Iv1.battleshiper", "client's", CALLBACK)
VERIFIER = "v" * 43
NOW = datetime(2026, 1, 2, tzinfo=UTC)


Provider = Callable[..., GitHubIdentityProvider]


@pytest.fixture
def provider() -> Iterator[Provider]:
    """Make providers that ask the GitHub at an address."""
    with ExitStack() as stack:

        def provider(url: str, client: OAuthClient = CLIENT) -> GitHubIdentityProvider:
            made = GitHubIdentityProvider(client, url, f"{url}/api/v3", lambda: NOW, timeout_seconds=2)
            stack.callback(made.close)
            return made

        yield provider


class Standin:
    """A stand-in that knows the App's client, and its people."""

    def __init__(self, folder: Path, provider: Provider) -> None:
        self._folder = folder
        self._listener = Listener("127.0.0.1", 0)
        self.url = f"http://localhost:{self._listener.port}"
        settings = GitHubSettings(
            folder,
            self.url,
            1,
            generate_app_credentials().public_key,
            "hush",
            "http://127.0.0.1:9/",
            client_secret_digest=sha256(CLIENT.client_secret.encode()).hexdigest(),
            callback_urls=(CALLBACK,),
        )
        self._listener.serve(create_app(settings))
        self.owner = Person.owner(self.url, folder)
        self.provider = provider(self.url)

    def consent(self, login: str = "me") -> str:
        """Go where the provider leads, agree, and return the code that a browser is sent back with."""
        challenge = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
        url = self.provider.authorize_url("state", challenge)
        fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', httpx.get(url, trust_env=False).text))
        fields |= {"action": "authorize", "login": login}
        page = httpx.post(url.partition("?")[0], data=fields, headers={"origin": self.url}, trust_env=False).text
        led_to = html.unescape(re.search(r"url=([^\"]+)\"", page).group(1))
        assert led_to.startswith(f"{CALLBACK}?")
        assert parse_qs(urlsplit(led_to).query)["state"] == ["state"]
        return parse_qs(urlsplit(led_to).query)["code"][0]

    def repository(self, name: str) -> int:
        """Push a repository of the owner's and return its id."""
        checkout = self._folder / "checkouts" / name
        git = ["git", "-c", "user.name=me", "-c", "user.email=me@example.org", "-C", str(checkout)]
        checkout.mkdir(parents=True)
        for arguments in (
            ["init", "--quiet"],
            ["commit", "--quiet", "--allow-empty", "--message", "first"],
            ["push", "--quiet", f"{self.url}/me/{name}.git", "HEAD:refs/heads/main"],
        ):
            subprocess.run([*git, *arguments], check=True)
        made: int = self.owner.ask("GET", f"/repos/me/{name}")["id"]
        return made

    def close(self) -> None:
        self._listener.close()


@pytest.fixture
def standin(tmp_path: Path, provider: Provider) -> Iterator[Standin]:
    """A running stand-in."""
    made = Standin(tmp_path, provider)
    yield made
    made.close()


def seen_by(provider: GitHubIdentityProvider, token: str) -> dict[int, Permission]:
    """What the owner of a token may do, by repository."""
    return {repository.id: repository.permission for repository in provider.repositories(token)}


def test_a_code_becomes_somebody(standin: Standin) -> None:
    """Once, and with the verifier that it was asked for with."""
    code = standin.consent()
    with pytest.raises(IdentityRefusedError):
        standin.provider.exchange(code, "w" * 43)
    tokens = standin.provider.exchange(standin.consent(), VERIFIER)
    assert tokens.expires_at == NOW + timedelta(hours=8)
    identity = standin.provider.identify(tokens.access)
    assert (identity.id, identity.login) == (1001, "me")
    assert tokens.access not in repr(tokens)
    with pytest.raises(IdentityRefusedError):
        standin.provider.exchange(code, VERIFIER)


def test_tokens_are_renewed_and_revoked(standin: Standin) -> None:
    """The pair before is good no more; a token that is gone may be revoked again."""
    tokens = standin.provider.exchange(standin.consent(), VERIFIER)
    renewed = standin.provider.renew(tokens.refresh)
    assert renewed.access != tokens.access
    assert standin.provider.identify(renewed.access).login == "me"
    with pytest.raises(IdentityRefusedError):
        standin.provider.renew(tokens.refresh)
    standin.provider.revoke(renewed.access)
    standin.provider.revoke(renewed.access)
    with pytest.raises(IdentityRefusedError):
        standin.provider.identify(renewed.access)
    with pytest.raises(IdentityRefusedError):
        seen_by(standin.provider, renewed.access)


def test_permissions_are_those_of_the_person(standin: Standin) -> None:
    """What the owner administers, somebody else reads, writes or does not see."""
    site, other = standin.repository("site"), standin.repository("other")
    Person.other(standin.url, "ada")
    mine = standin.provider.exchange(standin.consent(), VERIFIER).access
    assert seen_by(standin.provider, mine) == {site: Permission.ADMIN, other: Permission.ADMIN}
    hers = standin.provider.exchange(standin.consent("ada"), VERIFIER).access
    assert seen_by(standin.provider, hers) == {}
    standin.owner.grant("me/site", "ada", "read")
    assert seen_by(standin.provider, hers) == {site: Permission.READ}
    standin.owner.grant("me/site", "ada", "write")
    assert seen_by(standin.provider, hers) == {site: Permission.WRITE}
    standin.owner.suspend()
    assert seen_by(standin.provider, hers) == {}


def test_a_client_that_github_does_not_know(standin: Standin, provider: Provider) -> None:
    """It is the operator's turn, and no secret is told."""
    code = standin.consent()
    for client in (OAuthClient(CLIENT.client_id, "wrong", CALLBACK), OAuthClient("other", "wrong", CALLBACK)):
        with pytest.raises(IdentityMisconfiguredError, match="incorrect_client_credentials") as raised:
            provider(standin.url, client).exchange(code, VERIFIER)
        assert "wrong" not in str(raised.value)
    elsewhere = OAuthClient(CLIENT.client_id, CLIENT.client_secret, "https://elsewhere.example/")
    with pytest.raises(IdentityMisconfiguredError, match="redirect_uri_mismatch"):
        provider(standin.url, elsewhere).exchange(code, VERIFIER)


@pytest.mark.parametrize("client", [OAuthClient("", "", CALLBACK), OAuthClient("Iv1", "", CALLBACK)])
def test_a_client_that_is_not_set_up(client: OAuthClient, provider: Provider) -> None:
    """Nobody is sent to GitHub; the operator is told what to set."""
    with pytest.raises(IdentityMisconfiguredError, match="BATTLESHIPER_GITHUB_CLIENT_SECRET") as raised:
        provider("https://github.example", client).authorize_url("state", "challenge")
    assert CALLBACK in str(raised.value)


@pytest.fixture
def server() -> Iterator[Server]:
    """A server in GitHub's place."""
    with answering() as made:
        yield made


@pytest.mark.parametrize(
    "answer",
    [
        (0, {}),
        (502, b"<html>Bad Gateway"),
        (200, b"not json"),
        (200, b"[" * 5000),
        (200, []),
        (200, {"access_token": ""}),
        (429, {"message": "slow down"}),
        (403, {"message": "You have exceeded a secondary rate limit"}),
    ],
)
def test_github_that_does_not_answer_as_it_should(server: Server, provider: Provider, answer) -> None:
    """It is asked again later."""
    server.answers["POST /login/oauth/access_token"] = answer
    server.answers["GET /api/v3/user"] = answer
    asking = provider(server.url.removesuffix("/api/v3"))
    with pytest.raises(IdentityUnavailableError):
        asking.exchange("code", VERIFIER)
    with pytest.raises(IdentityUnavailableError):
        asking.identify("token")


def test_nobody_there(provider: Provider) -> None:
    """A port where nothing listens is GitHub being down."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(IdentityUnavailableError):
            provider(f"http://127.0.0.1:{taken.getsockname()[1]}").exchange("code", VERIFIER)


def test_tokens_without_an_end(server: Server, provider: Provider) -> None:
    """Of Apps that opted out of expiry."""
    server.answers["POST /login/oauth/access_token"] = (200, {"access_token": "ghu_x", "scope": ""})
    assert provider(server.url.removesuffix("/api/v3")).exchange("code", VERIFIER) == UserTokens("ghu_x")


def test_long_lists_come_in_pages(server: Server, provider: Provider) -> None:
    """All of them are read, and an installation that went meanwhile is left out."""
    installations = {"total_count": 3, "installations": [{"id": 1}, {"id": 2}, {"id": 3, "suspended_at": "now"}]}
    pages = {
        number: [{"id": id_, "permissions": {"push": id_ % 2 == 0}} for id_ in ids]
        for number, ids in ((1, range(100)), (2, range(100, 150)))
    }
    server.answers["GET /api/v3/user/installations?per_page=100&page=1"] = (200, installations)
    for number, page in pages.items():
        server.answers[f"GET /api/v3/user/installations/1/repositories?per_page=100&page={number}"] = (
            200,
            {"total_count": 150, "repositories": page},
        )
    found = seen_by(provider(server.url.removesuffix("/api/v3")), "token")
    assert len(found) == 150
    assert (found[148], found[149]) == (Permission.WRITE, Permission.READ)


def test_a_program_without_a_browser(standin: Standin) -> None:
    """Its codes come to nothing until somebody enters them, and to nothing for good when they refuse."""
    device = standin.provider.begin_device()
    assert standin.provider.ask_for_device(device.code) is None
    answer = {"user_code": device.user_code, "action": "authorize", "login": "me"}
    httpx.post(device.verification_url, data=answer, headers={"origin": standin.url}, trust_env=False)
    time.sleep(device.interval)
    tokens = standin.provider.ask_for_device(device.code)
    assert tokens is not None
    assert standin.provider.identify(tokens.access).login == "me"
    refused = standin.provider.begin_device()
    answer = {"user_code": refused.user_code, "action": "cancel"}
    httpx.post(refused.verification_url, data=answer, headers={"origin": standin.url}, trust_env=False)
    with pytest.raises(IdentityRefusedError):
        standin.provider.ask_for_device(refused.code)
    with pytest.raises(IdentityRefusedError):
        standin.provider.ask_for_device("made-up")


def test_an_app_without_the_device_flow(server: Server, provider: Provider) -> None:
    """Its owner is told where to enable it, and everybody how to do without."""
    server.answers["POST /login/device/code"] = (200, {"error": "device_flow_disabled"})
    with pytest.raises(IdentityMisconfiguredError, match="--with-token"):
        provider(server.url.removesuffix("/api/v3")).begin_device()
