"""Where a function's credentials come from."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException
from threading import Lock
from urllib.parse import urlsplit

from botocore.exceptions import CredentialRetrievalError, NoCredentialsError

from battleshiper.platform.aws.lean.signature import Credentials

_SECONDS = 2
_RENEWED_BEFORE = timedelta(minutes=5)
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1", "169.254.170.2", "169.254.170.23"})
"""Whom the authorization is told without encryption. Lambda's own address is a loopback's."""


class FunctionCredentials:
    """Lambda puts a function's credentials into its environment. One that starts from a snapshot is told an address to
    ask instead, because a snapshot outlives credentials
    (https://docs.aws.amazon.com/lambda/latest/dg/snapstart-activate.html#snapstart-credentials,
    https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html)."""

    def __init__(self, environment: Mapping[str, str], clock: Callable[[], datetime] = lambda: datetime.now(UTC)):
        """`environment` is read at each call: a snapshot's may be another one than where it is used."""
        self._environment = environment
        self._clock = clock
        self._told: Credentials | None = None
        self._asking = Lock()

    def __call__(self) -> Credentials:
        """Return credentials that are good for some minutes; raises BotoCoreError."""
        there = self._environment
        if key := there.get("AWS_ACCESS_KEY_ID"):
            return Credentials(key, there.get("AWS_SECRET_ACCESS_KEY", ""), there.get("AWS_SESSION_TOKEN", ""))
        address = there.get("AWS_CONTAINER_CREDENTIALS_FULL_URI")
        if not address:
            raise NoCredentialsError
        with self._asking:
            if self._told is None or not self._lasts(self._told, _RENEWED_BEFORE):
                self._renew(address)
            assert self._told is not None  # noqa: S101 - tells the type checker
            return self._told

    def _renew(self, address: str) -> None:
        try:
            self._told = self._ask(address)
        except (OSError, HTTPException, ValueError, KeyError, TypeError) as error:
            if self._told is None or not self._lasts(self._told, timedelta()):
                raise CredentialRetrievalError(provider="container-role", error_msg=str(error)) from error

    def _ask(self, address: str) -> Credentials:
        asked = urlsplit(address)
        if asked.scheme != "http" or asked.hostname not in _THIS_MACHINE:
            raise ValueError(f"{asked.hostname} is none of the hosts that may be asked for credentials")
        connection = HTTPConnection(asked.hostname, asked.port or 80, timeout=_SECONDS)
        try:
            connection.request("GET", asked.path or "/", headers=self._authorization())
            answer = connection.getresponse()
            said = answer.read()
        finally:
            connection.close()
        if answer.status != 200:
            raise ValueError(f"asked for credentials, Lambda answers {answer.status}")
        told = json.loads(said)
        expires_at = datetime.fromisoformat(told["Expiration"])
        return Credentials(told["AccessKeyId"], told["SecretAccessKey"], told["Token"], expires_at)

    def _authorization(self) -> dict[str, str]:
        token = self._environment.get("AWS_CONTAINER_AUTHORIZATION_TOKEN")
        return {"Authorization": token} if token else {}

    def _lasts(self, credentials: Credentials, margin: timedelta) -> bool:
        return credentials.expires_at is None or self._clock() + margin < credentials.expires_at
