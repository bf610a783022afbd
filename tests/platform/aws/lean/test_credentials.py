"""Credentials: from the environment, or from where it says."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import CredentialRetrievalError, NoCredentialsError

from battleshiper.platform.aws.lean.credentials import FunctionCredentials
from battleshiper.platform.aws.lean.signature import Credentials

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


class Clock:
    """A clock that stands still."""

    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def told(server) -> dict[str, str]:
    """The environment of a function that starts from a snapshot."""
    return {
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{server.url}/credentials",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN": "authorization",
    }


def answer(number: int, expires_at: datetime) -> bytes:
    """Return what Lambda tells."""
    expiration = expires_at.isoformat().replace("+00:00", "Z")
    content = {"AccessKeyId": f"key-{number}", "SecretAccessKey": "s", "Token": "t", "Expiration": expiration}
    return json.dumps(content).encode()


def test_the_environment_of_now() -> None:
    """They are read at each call: an environment may get other ones."""
    environment = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t"}
    credentials = FunctionCredentials(environment)
    assert credentials() == Credentials("a", "s", "t")
    environment["AWS_ACCESS_KEY_ID"] = "b"
    assert credentials().access_key == "b"


def test_none_at_all() -> None:
    """Nobody is nobody."""
    with pytest.raises(NoCredentialsError):
        FunctionCredentials({})()


def test_they_are_asked_for_once(server, reply, told, clock) -> None:
    """As long as they last, with some minutes to spare; then there are others."""
    server.replies = [reply(body=answer(number, NOW + timedelta(hours=number))) for number in (1, 2)]
    credentials = FunctionCredentials(told, clock)
    assert [credentials().access_key, credentials().access_key] == ["key-1", "key-1"]
    clock.now += timedelta(minutes=55)
    assert credentials() == Credentials("key-2", "s", "t", NOW + timedelta(hours=2))
    assert [(each.path, each.headers["authorization"]) for each in server.requests] == [
        ("/credentials", "authorization")
    ] * 2


@pytest.mark.parametrize("failure", [{"status": 500}, {"body": b"<"}, {"body": b"{}"}, {"body": b"[]"}, {"status": 0}])
def test_there_are_no_others(server, reply, told, clock, failure) -> None:
    """Those that there are go on until they end, and not after."""
    server.replies = [reply(body=answer(1, NOW + timedelta(hours=1))), reply(**failure)]
    credentials = FunctionCredentials(told, clock)
    credentials()
    clock.now += timedelta(minutes=59)
    assert credentials().access_key == "key-1"
    clock.now += timedelta(minutes=1)
    with pytest.raises(CredentialRetrievalError):
        credentials()


@pytest.mark.parametrize("address", ["http://example.com/", "https://127.0.0.1/", "ftp://127.0.0.1/", "nonsense"])
def test_not_everybody_is_told_the_authorization(told, address) -> None:
    """Only this machine may be asked, as AWS's own libraries hold it."""
    with pytest.raises(CredentialRetrievalError, match="none of the hosts"):
        FunctionCredentials({**told, "AWS_CONTAINER_CREDENTIALS_FULL_URI": address})()
