"""Calls of Lambda that are refused for now."""

import time
from collections.abc import Callable
from typing import TypeVar

from botocore.exceptions import ClientError

from battleshiper.platform.aws.chance import CHANCE
from battleshiper.platform.aws.refusal import code_of

_TRIES = 8
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 8.0
_PASSING = frozenset(
    {
        "PreconditionFailedException",  # somebody else has changed the function
        "ResourceConflictException",  # an update is under way, or somebody else was faster
        "ResourceNotFoundException",  # somebody else has removed the function
        "ResourceNotReadyException",
        "ServiceException",
        "TooManyRequestsException",  # Lambda takes 15 changes a second, in all
    }
)

_Result = TypeVar("_Result")


class Patience:
    """Begins again what was refused for now, after longer and longer pauses. `pause` waits for some seconds, `chance`
    returns a number between 0 and 1."""

    def __init__(
        self, pause: Callable[[float], None] = time.sleep, chance: Callable[[], float] = CHANCE.random
    ) -> None:
        self.pause = pause
        self._chance = chance

    def repeat(self, action: Callable[[], _Result]) -> _Result:
        """Return what `action` returns; it must be safe to begin again from any point."""
        for attempt in range(_TRIES - 1):
            try:
                return action()
            except ClientError as error:
                if code_of(error) not in _PASSING:
                    raise
                longest = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**attempt)
                self.pause(longest * (1 + self._chance()) / 2)
        return action()
