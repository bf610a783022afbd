"""Spending the claim: the one request that tells the runner what to do."""

import time
from collections.abc import Callable

import httpx
from pydantic import ValidationError

from battleshiper.build_runner.failure import RunnerError
from battleshiper.platform.model.instructions import ATTEMPT_HEADER, Instructions

_REQUESTS = 12
_LONGEST_PAUSE = 30.0
"""So that a platform that restarts, or waits for GitHub, is waited for: about three minutes in all."""
_MAX_BYTES = 16 * 1024**2


def spend_claim(
    client: httpx.Client, url: str, claim: str, attempt: int = 1, *, pause: Callable[[float], None] = time.sleep
) -> Instructions:
    """Return the instructions for an attempt at the build; raises RunnerError when there are none to be had.

    Only a request that the platform did not take is repeated: a claim is good for one.
    """
    headers = {"Authorization": f"Bearer {claim}", ATTEMPT_HEADER: str(attempt)}
    fault = ""
    for request in range(_REQUESTS):
        if request:
            pause(min(0.5 * 2 ** (request - 1), _LONGEST_PAUSE))
        try:
            answer = client.post(url, headers=headers)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            fault = f"The platform cannot be reached at {url}: {error}"
            continue
        except httpx.HTTPError as error:
            raise RunnerError(f"The platform did not answer the claim at {url}: {error}") from error
        if answer.status_code == httpx.codes.FORBIDDEN:
            raise RunnerError("The claim is unknown, used or too old.")
        if answer.is_server_error:
            fault = f"The platform answered the claim with {answer.status_code}."
            continue
        if answer.status_code != httpx.codes.OK or len(answer.content) > _MAX_BYTES:
            raise RunnerError(f"The platform answered the claim with {answer.status_code}.")
        try:
            return Instructions.model_validate_json(answer.content)
        except ValidationError as error:
            # Not the error itself: it quotes its input, which has tokens in it.
            raise RunnerError(f"The instructions are not valid in {error.error_count()} places.") from None
    raise RunnerError(fault)
