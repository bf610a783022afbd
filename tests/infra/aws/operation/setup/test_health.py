"""Whether the platform answers."""

import httpx
import pytest
from aws.patience import Patience

from battleshiper.edge.router.gate import Gate
from battleshiper.infra.aws.http import HttpFunction
from battleshiper.infra.aws.operation.error import OperationError
from battleshiper.infra.aws.operation.setup.health import Health

URL = "https://ship.example.org"
FRONT = {"x-amz-cf-id": "x"}
GOOD = httpx.Response(200, text="ok\n", headers=FRONT)


def check(*answers: httpx.Response | Exception) -> Patience:
    """Ask a platform that answers like this, and with the last one for ever."""
    left, patience = list(answers), Patience()

    def serve(request: httpx.Request) -> httpx.Response:
        assert request.url == f"{URL}/healthz"
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    with httpx.Client(transport=httpx.MockTransport(serve)) as http:
        Health(http, patience.waiting).check(URL)
    return patience


def test_it_answers() -> None:
    """Nobody waits."""
    assert check(GOOD).now == 0


def test_it_answers_at_last() -> None:
    """What is still being deployed is waited for."""
    assert check(httpx.ConnectError("refused"), httpx.Response(403, headers=FRONT), GOOD).now == 20


def refused_by_the_functions() -> httpx.Response:
    """What a function says to what did not come through CloudFront."""
    reply = HttpFunction(Gate(lambda: ("secret",)), lambda: pytest.fail("asked"))({"headers": {}}, None)
    return httpx.Response(reply["statusCode"], text=reply["body"], headers=FRONT)


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (httpx.ConnectError("[Errno -2] Name or service not known"), "DNS record is missing"),
        (httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed"), "Another server"),
        (httpx.ConnectTimeout("timed out"), "internet"),
        (httpx.Response(200, text="ok"), "not through CloudFront"),
        (httpx.Response(200, text="Hello", headers=FRONT), "/battleshiper/functions/web"),
        (httpx.Response(403, headers=FRONT), "No distribution has this name"),
        (refused_by_the_functions(), "rotate-keys --origin-secret"),
        (httpx.Response(500, headers=FRONT), "function failed"),
        (httpx.Response(502, headers=FRONT), "does not reach the API"),
        (httpx.Response(503, headers=FRONT), "secrets entered"),
    ],
)
def test_causes(answer, cause) -> None:
    """What goes on for three minutes is told with its cause."""
    with pytest.raises(OperationError, match=URL) as raised:
        check(answer)
    assert cause in raised.value.remedy
