"""Secrets: the keys the platform makes for itself. A file of mode 0600 here, Secrets Manager on AWS."""

from collections.abc import Callable
from typing import Protocol

OPERATOR_TOKEN = "operator-token"  # noqa: S105 - the name under which the API's token is kept, not a token


class SecretsError(Exception):
    """A secret cannot be read or kept safely; the message says what to do."""


class SecretChangedError(SecretsError):
    """Somebody else has replaced the secret meanwhile. Read it again."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Somebody else has replaced the secret {name} at the same time. Try again.")


class Secrets(Protocol):
    """Named secrets, each a short text that is not empty. A name has lowercase letters, digits and hyphens."""

    def get(self, name: str) -> str | None:
        """Return the secret, None where there is none; raises SecretsError, and ValueError for what is no name."""
        ...

    def get_or_create(self, name: str, create: Callable[[], str]) -> str:
        """Return the secret; where there is none, keep what `create` returns. One value for all who ask at once.
        Raises SecretsError, and ValueError for what is no name."""
        ...

    def replace(self, name: str, value: str, *, expected: str) -> None:
        """Keep a new value in place of `expected`, whole or not at all: of all who replace the same value, one
        succeeds. Raises SecretChangedError when there is another value or none, SecretsError, and ValueError for what
        is no name."""
        ...
