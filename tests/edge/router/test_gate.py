"""Who may ask the router."""

import pytest

from battleshiper.edge.router.gate import Gate
from battleshiper.edge.router.handler import Handler

from .conftest import SECRETS, FakeLambda, FakeS3, event_of

FORBIDDEN = 403


@pytest.mark.parametrize(
    "secret", ["", "wrong", "the new on", "the new one ", "THE NEW ONE", "\ud800", "the old one,x"]
)
def test_nothing_is_done_without_the_secret(
    handle: Handler, functions: FakeLambda, objects: FakeS3, secret: str
) -> None:
    """Whoever asks the router around CloudFront gets 403, whatever else it says, and nobody is invoked."""
    objects.objects["sites/shop/d1/client/404.html"] = b"mine"
    for headers in ({}, {"x_battleshiper_status": "404"}):
        event = event_of("/sites/shop/d1/client/404.html", x_battleshiper_secret=secret, **headers)
        assert handle(event, None)["statusCode"] == FORBIDDEN
    assert functions.invoked == []


@pytest.mark.parametrize("secret", SECRETS)
def test_secret_can_be_changed_without_a_pause(handle: Handler, secret: str) -> None:
    """While CloudFront learns the new secret, both are good; names of headers have no case."""
    event = event_of(x_battleshiper_secret="")
    event["headers"]["X-Battleshiper-Secret"] = secret
    assert handle(event, None)["statusCode"] == 200


@pytest.mark.parametrize("secrets", [[], [""]])
def test_without_a_secret_nobody_may_pass(secrets: list[str]) -> None:
    """A secret that was not set opens nothing."""
    gate = Gate(lambda: secrets)
    assert not gate.admits({})
    assert not gate.admits({"x-battleshiper-secret": ""})


def test_event_without_headers_is_refused(handle: Handler) -> None:
    """What is no request from a function URL gets no further."""
    assert handle({}, None)["statusCode"] == FORBIDDEN
