"""The platform's API, as its operator asks it."""

import httpx
import pytest

from battleshiper.infra.aws.operation.error import OperationError
from battleshiper.infra.aws.operation.keys.platform_api import PlatformApi, TicketKeys

URL = "https://ship.example.org"
FRONT = {"x-amz-cf-id": "x"}
UNTIL = "2026-01-02T00:00:00.000+00:00"


def rotate(answer: httpx.Response | Exception) -> TicketKeys:
    """Ask a platform that answers like this."""

    def serve(request: httpx.Request) -> httpx.Response:
        assert (request.method, str(request.url)) == ("POST", f"{URL}/api/v1/keys/rotate")
        assert request.headers["authorization"] == "Bearer hush"
        if isinstance(answer, Exception):
            raise answer
        return answer

    with httpx.Client(transport=httpx.MockTransport(serve)) as http:
        return PlatformApi(http, URL, "hush").rotate_keys()


def test_keys_are_told() -> None:
    """Their ids, and until when the old ones are good."""
    said = {"signing": "new", "verifying": [{"key": "old", "until": UNTIL}]}
    assert rotate(httpx.Response(200, json=said, headers=FRONT)) == TicketKeys("new", {"old": UNTIL})


@pytest.mark.parametrize(
    ("answer", "remedy"),
    [
        (httpx.Response(401, json={"error": "no"}, headers=FRONT), "within five minutes"),
        (httpx.Response(500, headers=FRONT), "/battleshiper/functions/web"),
        (httpx.Response(200, text="<html>", headers=FRONT), "/battleshiper/functions/web"),
        (httpx.Response(200, json=["other"], headers=FRONT), "/battleshiper/functions/web"),
        (httpx.Response(404), "DNS leads elsewhere"),
        (httpx.ConnectError("Name or service not known"), "DNS record"),
    ],
)
def test_failures(answer, remedy) -> None:
    """Each has its remedy, and none tells the token."""
    with pytest.raises(OperationError) as raised:
        rotate(answer)
    assert remedy in raised.value.remedy
    assert "hush" not in raised.value.message
