"""Spending the claim."""

import httpx
import pytest

from battleshiper.build_runner.claim import spend_claim
from battleshiper.build_runner.failure import RunnerError
from battleshiper.platform.model.instructions import ATTEMPT_HEADER


def spend(answers: list[httpx.Response | Exception]) -> int:
    """Return how many requests it took."""
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        assert request.headers["Authorization"] == "Bearer claim"
        assert request.headers[ATTEMPT_HEADER] == "2"
        given = answers.pop(0)
        if isinstance(given, Exception):
            raise given
        return given

    spend_claim(
        httpx.Client(transport=httpx.MockTransport(answer)), "http://here/claim", "claim", 2, pause=lambda _: None
    )
    return len(seen)


INSTRUCTIONS = {
    "deployment_id": "d",
    "project_id": "p",
    "project_name": "n",
    "environment": "preview",
    "branch": "b",
    "source": {"clone_url": "u", "sha": "s", "token": "tokentoken"},
    "uploads": {"url": "u", "fields": {}, "prefix": "p/"},
}


def test_a_platform_that_just_starts_is_waited_for() -> None:
    """Only what cannot have spent the claim is repeated."""
    refused = httpx.ConnectError("refused")
    assert spend([refused, httpx.Response(503), httpx.Response(200, json=INSTRUCTIONS)]) == 3


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (httpx.Response(403), "used or too old"),
        (httpx.Response(404), "404"),
        (httpx.ReadError("cut"), "did not answer"),
        (httpx.Response(200, json={}), "not valid in"),
    ],
)
def test_other_answers_end_it(answer: httpx.Response | Exception, message: str) -> None:
    """Each with its reason."""
    with pytest.raises(RunnerError, match=message):
        spend([answer])


def test_bad_instructions_do_not_leak() -> None:
    """The error about a field does not quote the token beside it."""
    with pytest.raises(RunnerError) as caught:
        spend([httpx.Response(200, json={**INSTRUCTIONS, "extra": 1})])
    assert "tokentoken" not in str(caught.value)
