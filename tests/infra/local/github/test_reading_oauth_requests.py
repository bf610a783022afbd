"""Reading what an App sends a browser with, and what proves that it did."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battleshiper.infra.local.github.oauth.proof import is_challenge, meets
from battleshiper.infra.local.github.oauth.request import FIELDS, RequestRefusedError, read_request
from battleshiper.infra.local.github.settings import GitHubSettings

CALLBACK = "https://ship.example.org/in"
VERIFIERS = st.text("abcXYZ019-._~", min_size=43, max_size=128)


def challenge_of(verifier: str) -> str:
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


@given(VERIFIERS, VERIFIERS)
def test_a_challenge_is_met_by_its_own_verifier(verifier: str, other: str) -> None:
    """And by no other, nor by none."""
    challenge = challenge_of(verifier)
    assert is_challenge(challenge, "S256")
    assert meets(challenge, verifier)
    assert meets(challenge, other) == (verifier == other)
    assert not meets(challenge, "")
    assert not meets("", verifier)


def test_the_example_of_the_rfc() -> None:
    """RFC 7636, appendix B."""
    challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    assert meets(challenge, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")


@given(st.text(), st.text())
def test_whatever_is_sent_as_a_verifier_fails(challenge: str, verifier: str) -> None:
    """No text crashes the check, and none that was made up passes it."""
    assert meets(challenge, verifier) == (not challenge and not verifier)


@given(
    st.dictionaries(st.sampled_from((*FIELDS, "login")), st.text() | st.sampled_from(["Iv1.battleshiper", CALLBACK]))
)
def test_whatever_is_asked_leads_to_a_callback_url_or_nowhere(given_fields: dict[str, str]) -> None:
    """No query leads a browser anywhere else."""
    settings = GitHubSettings(
        Path(), "http://127.0.0.1:1", 7, "", "s", "http://127.0.0.1:2/", callback_urls=(CALLBACK,)
    )
    try:
        read = read_request(settings, given_fields)
    except RequestRefusedError:
        return
    assert read.redirect_uri == CALLBACK
    assert given_fields["client_id"] == settings.client_id


def test_no_app_asks_for_nobody(tmp_path: Path) -> None:
    """Where no App was made yet, not even the client id of the next one is known."""
    settings = GitHubSettings(tmp_path, "http://127.0.0.1:1", 0, "", "", "", callback_urls=(CALLBACK,))
    with pytest.raises(RequestRefusedError):
        read_request(settings, {"client_id": settings.client_id})
