"""Signatures: AWS's own library makes the same ones."""

from datetime import UTC, datetime
from unittest.mock import patch

from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as TheirCredentials
from hypothesis import given
from hypothesis import strategies as st

from battleshiper.platform.aws.lean.signature import Credentials, sign

KEYS = st.text("abcXYZ019/+=", min_size=1, max_size=40)
WORDS = st.text("abc019-.", min_size=1, max_size=20)


@given(
    access_key=KEYS,
    secret_key=KEYS,
    token=st.just("") | KEYS,
    region=WORDS,
    service=WORDS,
    value=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40),
    body=st.binary(max_size=200),
    now=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001 - the zone is added below
)
def test_botocore_signs_the_same(
    access_key: str, secret_key: str, token: str, region: str, service: str, value: str, body: bytes, now: datetime
) -> None:
    """Whoever asks, wherever and whatever: every header is the same, and so is what is signed."""
    headers = {"content-type": "application/x-amz-json-1.0", "host": "aws.test", "x-amz-target": value}
    theirs = AWSRequest("POST", "https://aws.test/", dict(headers), body)
    with patch.object(auth, "get_current_datetime", lambda *_: now):
        auth.SigV4Auth(TheirCredentials(access_key, secret_key, token or None), service, region).add_auth(theirs)
    ours = sign(Credentials(access_key, secret_key, token), region, service, headers, body, now.replace(tzinfo=UTC))
    assert ours == {name.lower(): text for name, text in theirs.headers.items()}


def test_credentials_are_not_shown() -> None:
    """What is printed of them signs nothing."""
    assert repr(Credentials("AKIA", "secret", "token")).count("secret'") == 0
    assert "token'" not in repr(Credentials("AKIA", "secret", "token"))
