"""From headers and a raw body to a verified event."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battleshiper.webhooks.event import verify
from battleshiper.webhooks.headers import MAX_BODY_BYTES, Headers
from battleshiper.webhooks.refusal import MalformedError, SignatureRefusedError, TooLargeError
from battleshiper.webhooks.signature import Signatures

SIGNATURES = Signatures((b"a webhook secret",))


def replaced(headers: list[tuple[bytes, bytes]], name: bytes, *values: bytes) -> Headers:
    """Return the headers with `name` as often as there are values."""
    return Headers([header for header in headers if header[0] != name] + [(name, value) for value in values])


def test_a_signed_delivery(hub: Any) -> None:
    """A good delivery becomes an event with its payload untouched."""
    body = hub.push()
    event = verify(Headers(hub.headers("push", body)), body, SIGNATURES)
    assert (event.name, event.app, event.text) == ("push", "4711", body)


def test_without_a_signature(hub: Any) -> None:
    """No signature, or only one of the SHA-1 kind, is refused."""
    body = hub.push()
    with pytest.raises(SignatureRefusedError) as caught:
        verify(replaced(hub.headers("push", body), b"x-hub-signature-256"), body, SIGNATURES)
    assert caught.value.status == 401
    sha1 = [*hub.headers("push", body)[:-1], (b"x-hub-signature", b"sha1=" + b"a" * 40)]
    with pytest.raises(SignatureRefusedError):
        verify(Headers(sha1), body, SIGNATURES)


def test_with_two_signatures(hub: Any) -> None:
    """Two signatures are refused, even when both are right."""
    body = hub.push()
    good = hub.sign(body)
    with pytest.raises(SignatureRefusedError, match="more than one"):
        verify(replaced(hub.headers("push", body), b"x-hub-signature-256", good, good), body, SIGNATURES)


def test_a_bad_signature_hides_every_other_fault(hub: Any) -> None:
    """Without a good signature nothing else is looked at, so nothing else is told."""
    body = b"this is not JSON"
    headers = [(b"x-hub-signature-256", b"sha256=" + b"0" * 64)]
    with pytest.raises(SignatureRefusedError):
        verify(Headers(headers), body, SIGNATURES)


def test_one_byte_too_many(hub: Any) -> None:
    """The limit holds in the core too, for whoever calls it with a whole body."""
    body = b" " * (MAX_BODY_BYTES + 1)
    with pytest.raises(TooLargeError):
        verify(Headers(hub.headers("push", body)), body, SIGNATURES)


@given(payload=st.dictionaries(st.text(), st.text()))
def test_a_form_carries_the_same_payload(payload: dict[str, str]) -> None:
    """What a form's field `payload` holds is what a JSON body would have been."""
    text = json.dumps(payload).encode()
    body = urlencode({"payload": text}).encode()
    event = verify(form_headers(body), body, SIGNATURES)
    assert json.loads(event.text) == payload


@pytest.mark.parametrize(
    "body", [b"", b"payload", b"other=1", b"payload=1&payload=2", b"&" * 100, b"payload=1" + b"&a=1" * 20]
)
def test_forms_without_one_payload(body: bytes) -> None:
    """A form must have the field `payload` once, and not many others."""
    with pytest.raises(MalformedError):
        verify(form_headers(body), body, SIGNATURES)


def form_headers(body: bytes) -> Headers:
    """Return the headers of a signed form."""
    import hashlib
    import hmac

    signature = hmac.new(b"a webhook secret", body, hashlib.sha256).hexdigest()
    return Headers(
        [
            (b"content-type", b"application/x-www-form-urlencoded"),
            (b"x-github-event", b"push"),
            (b"x-github-delivery", b"1"),
            (b"x-hub-signature-256", f"sha256={signature}".encode()),
        ]
    )
