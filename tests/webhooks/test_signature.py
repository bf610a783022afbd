"""The signature over the raw body."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battleshiper.webhooks.refusal import SignatureRefusedError
from battleshiper.webhooks.signature import SecretMissingError, Signatures


def sign(secret: bytes, body: bytes) -> bytes:
    """Sign as GitHub documents it."""
    return b"sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest().encode()


def test_githubs_own_example() -> None:
    """The example of GitHub's documentation is found good."""
    header = b"sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    Signatures(("It's a Secret to Everybody",)).verify(header, b"Hello, World!")


@given(secret=st.binary(min_size=1).filter(bytes.strip), body=st.binary())
def test_a_right_signature_is_found_good(secret: bytes, body: bytes) -> None:
    """Any body signed with the secret passes."""
    Signatures((secret,)).verify(sign(secret, body), body)


@given(body=st.binary(min_size=1), at=st.integers(min_value=0), bit=st.integers(0, 7))
def test_any_changed_bit_of_the_body_is_refused(body: bytes, at: int, bit: int) -> None:
    """A signature is good for exactly one body."""
    changed = bytearray(body)
    changed[at % len(body)] ^= 1 << bit
    with pytest.raises(SignatureRefusedError):
        Signatures((b"secret",)).verify(sign(b"secret", body), bytes(changed))


@given(header=st.binary(max_size=100))
def test_no_other_header_passes(header: bytes) -> None:
    """Whatever else stands in the header is refused and breaks nothing."""
    with pytest.raises(SignatureRefusedError):
        Signatures((b"secret",)).verify(header, b"body")


@pytest.mark.parametrize("change", [bytes.upper, lambda h: h[:-1], lambda h: h + b"\n", lambda h: b" " + h])
def test_a_signature_has_one_form(change) -> None:  # type: ignore[no-untyped-def] # a list of lambdas says enough
    """Upper case, a missing digit and surrounding space are refused."""
    with pytest.raises(SignatureRefusedError, match="64 lowercase"):
        Signatures((b"secret",)).verify(change(sign(b"secret", b"body")), b"body")


def test_a_sha1_signature_is_refused() -> None:
    """The old kind of signature does not count, even in the new header."""
    header = b"sha1=" + hmac.new(b"secret", b"body", hashlib.sha1).hexdigest().encode()
    with pytest.raises(SignatureRefusedError):
        Signatures((b"secret",)).verify(header, b"body")


def test_two_secrets_are_good_while_one_is_being_changed() -> None:
    """The old secret and the new one both sign, a third does not."""
    signatures = Signatures((b"old", "new"))
    for secret in (b"old", b"new"):
        signatures.verify(sign(secret, b"body"), b"body")
    with pytest.raises(SignatureRefusedError, match="Compare"):
        signatures.verify(sign(b"other", b"body"), b"body")


@pytest.mark.parametrize("secrets", [(), ("",), (b"",), ("  \t\n",), ("good", "")])
def test_an_empty_secret_is_refused(secrets: tuple[str | bytes, ...]) -> None:
    """Verification cannot be switched off by leaving the secret out."""
    with pytest.raises(SecretMissingError, match="BATTLESHIPER_GITHUB_WEBHOOK_SECRET"):
        Signatures(secrets)


def test_a_secret_need_not_be_utf8() -> None:
    """A secret that came through the environment as raw bytes signs as those bytes."""
    from_environment = b"\xff\xfe".decode(errors="surrogateescape")
    Signatures((from_environment,)).verify(sign(b"\xff\xfe", b"body"), b"body")
