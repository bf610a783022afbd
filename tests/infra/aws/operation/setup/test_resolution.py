"""Where a name leads."""

import httpx
import pytest

from battleshiper.infra.aws.operation.setup.resolution import Place, Resolution, Resolved, resolve

TARGET = "d1.CloudFront.net"


def looked_up(found: Resolved | None, answer: httpx.Response | httpx.HTTPError | None = None) -> Place:
    """Return where a name leads, of which a resolver and a server say this."""

    def serve(request: httpx.Request) -> httpx.Response:
        assert request.url == "https://ship.example.org/"
        assert answer is not None, "nobody has to be asked"
        if isinstance(answer, Exception):
            raise answer
        return answer

    with httpx.Client(transport=httpx.MockTransport(serve)) as http:
        return Resolution(http, lambda _: found).find("ship.example.org", TARGET)


def test_a_cname_to_the_distribution() -> None:
    """The name at the end of the records is enough."""
    assert looked_up(Resolved("d1.cloudfront.net", ("192.0.2.1",))).is_right


def test_nothing() -> None:
    """A name that leads nowhere is neither right nor elsewhere."""
    place = looked_up(None)
    assert (place.is_right, place.is_elsewhere, str(place)) == (False, False, "nowhere")


def test_an_alias_is_told_by_who_answers() -> None:
    """A record that hides the distribution's name leads there when CloudFront answers for the name."""
    found = Resolved("ship.example.org", ("192.0.2.1",))
    assert looked_up(found, httpx.Response(404, headers={"x-amz-cf-id": "x"})).is_right


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200),
        httpx.Response(403, headers={"x-amz-cf-id": "x"}),
        httpx.ConnectError("CERTIFICATE_VERIFY_FAILED"),
    ],
)
def test_elsewhere(answer) -> None:
    """Another server, another distribution, or one without our certificate is not where it has to lead."""
    place = looked_up(Resolved("ship.example.org", ("192.0.2.1", "192.0.2.2")), answer)
    assert place.is_elsewhere
    assert str(place) == "192.0.2.1, 192.0.2.2"


def test_this_machines_resolver() -> None:
    """It knows this machine, and no name that cannot be."""
    found = resolve("localhost")
    assert found is not None
    assert {"127.0.0.1", "::1"} & set(found.addresses)
    assert resolve("nowhere.invalid") is None
