"""Contention: changes of a secret that several processes make at once."""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from battleshiper.platform.secrets.port import SecretChangedError

T = TypeVar("T")

_ATTEMPTS = 5


def persevere(change: Callable[[], T]) -> T:
    """Do a change that begins with reading, and again when somebody else was faster; raises SecretChangedError when
    somebody always was."""
    for _ in range(_ATTEMPTS - 1):
        with suppress(SecretChangedError):
            return change()
    return change()
