"""Who answers: the platform, the sites' edge, or nobody."""

import asyncio

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Message

from battleshiper.infra.local.dispatch import Dispatch

DISPATCH = Dispatch(
    PlainTextResponse("platform"), PlainTextResponse("edge"), "sites.example", ["deploy.example", "battleshiper"]
)


def ask(*hosts: str) -> tuple[int, str]:
    """Return the status and who answered a request with these Host headers."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"host", host.encode("latin-1")) for host in hosts]
    asyncio.run(DISPATCH({"type": "http", "method": "GET", "path": "/", "headers": headers}, receive, send))
    return sent[0]["status"], sent[1]["body"].decode()


@pytest.mark.parametrize(
    "host",
    [
        "deploy.example",
        "DEPLOY.example.:8787",
        "battleshiper:80",
        "localhost:8787",
        "127.0.0.1",
        "[::1]:8787",
        "10.0.0.7",
    ],
)
def test_the_platforms_own_names(host: str) -> None:
    """The platform answers to the names it was given, to localhost and to any address."""
    assert ask(host) == (200, "platform")


@pytest.mark.parametrize(
    "host", ["shop.sites.example", "SHOP.sites.EXAMPLE.:8787", "a.b.sites.example", "x\xe9.sites.example"]
)
def test_sites(host: str) -> None:
    """Every name below the sites' domain is the edge's, whether there is such a site or not."""
    assert ask(host) == (200, "edge")


@pytest.mark.parametrize("hosts", [(), ("deploy.example", "shop.sites.example"), ("localhost", "localhost")])
def test_not_one_host(hosts: tuple[str, ...]) -> None:
    """A request without a host, or with two, never reaches the platform."""
    assert ask(*hosts) == (200, "edge")


@pytest.mark.parametrize(
    "host", ["evil.example", "sites.example", "notsites.example", "deploy.example.evil", "127.0.0.1.evil", ""]
)
def test_a_name_of_somebody_else(host: str) -> None:
    """A foreign name that points here is refused, so that no page of its owner can read the platform's."""
    status, body = ask(host)
    assert (status, "BATTLESHIPER_BASE_URL" in body) == (421, True)
