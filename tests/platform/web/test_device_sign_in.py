"""Signing in a program: a code for GitHub, then a token of the platform's, and every way in which it goes wrong."""

import pytest
from front import ADA, Front
from starlette.applications import Starlette
from starlette.testclient import TestClient

from battleshiper.platform.identity.port import (
    IdentityMisconfiguredError,
    IdentityRefusedError,
    IdentityUnavailableError,
)
from battleshiper.platform.sealing.seal import Seal
from battleshiper.platform.web.device_sign_in import DeviceSignIn
from battleshiper.platform.web.rate import Rate


@pytest.fixture
def program(front: Front, clock) -> TestClient:
    """A program that knows the platform's address."""
    devices = DeviceSignIn(front.entrance, front.tokens, Seal(lambda: "k" * 43), Rate(clock, 1, 50))
    return TestClient(Starlette(routes=devices.routes()), base_url="http://testserver/api/v1/sign-in")


def test_a_program_gets_a_token(program: TestClient, front: Front) -> None:
    """Once somebody has agreed at GitHub; what it holds until then tells nothing."""
    begun = program.post("")
    assert begun.status_code == 201
    assert (begun.json()["user_code"], begun.json()["interval"]) == ("ABCD-1234", 5)
    attempt = begun.json()["attempt"]
    assert "device" not in attempt
    assert program.post("/finish", content=attempt).status_code == 202
    front.provider.codes["device"] = ADA
    finished = program.post("/finish?name=laptop", content=attempt)
    assert (finished.status_code, finished.json()["login"]) == (201, "ada")
    token, account = front.tokens.recognise(finished.json()["token"])
    assert (token.name, account.id) == ("battleshiper login: laptop", ADA.id)
    assert front.wallet.access(ADA.id)


@pytest.mark.parametrize("attempt", ["", "nonsense", "ZGV2aWNl", "x" * 5000])
def test_an_attempt_that_is_not_ours(program: TestClient, attempt: str) -> None:
    """GitHub is not even asked."""
    answer = program.post("/finish", content=attempt)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (IdentityRefusedError("GitHub says access_denied."), 403),
        (IdentityUnavailableError("GitHub answered 502."), 503),
        (IdentityMisconfiguredError("The App does not let programs sign people in."), 501),
    ],
)
def test_what_goes_wrong_at_github(program: TestClient, front: Front, error, status: int) -> None:
    """It is told as it is."""
    attempt = program.post("").json()["attempt"]
    front.provider.error = error
    for answer in (program.post(""), program.post("/finish", content=attempt)):
        assert answer.status_code == status
        assert answer.json()["detail"] == str(error)


def test_too_many_at_once(program: TestClient) -> None:
    """GitHub counts for the App, and so do we."""
    answers = [program.post("") for _ in range(51)]
    assert [answer.status_code for answer in answers[-2:]] == [201, 429]
    assert answers[-1].headers["retry-after"] == "60"
