"""Tells GitHub's passing faults from lasting ones.

The rules for limits are GitHub's (https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api):
wait as long as `retry-after` says, or until `x-ratelimit-reset` when nothing remains, or else a minute.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

from battleshiper.bot.github import GitHubError, GitHubRefusedError, GitHubUnavailableError

_LIMIT_PAUSE_SECONDS = 60.0
_LONGEST_PAUSE_SECONDS = 3600.0 + 60.0
"""A limit ends within the hour; a clock that is off must not make it a day."""
_LIMIT_WORDS = ("rate limit", "abuse detection")
_TEMPORARY = frozenset({401, 408, 425, 429})
"""401: a key or a token that was replaced. Somebody sets it right, and nothing is lost until then."""


def explain_answer(status: int, headers: Mapping[str, str], body: str, now: datetime) -> GitHubError:
    """Return the error for an answer that is not a success; `headers` have lowercase names."""
    said = _message(body)
    message = f"GitHub answered {status}" + (f": {said}" if said else "")
    if status in (403, 429):
        pause = _pause(headers, now)
        if pause is None and (status == 429 or any(word in said.lower() for word in _LIMIT_WORDS)):
            pause = _LIMIT_PAUSE_SECONDS
        if pause is not None:
            return GitHubUnavailableError(message, status=status, retry_after=pause)
    if status in _TEMPORARY or status >= 500 or status < 400:
        pause = _pause(headers, now) if status >= 500 else None
        return GitHubUnavailableError(message, status=status, retry_after=pause)
    return GitHubRefusedError(message, status=status)


def _pause(headers: Mapping[str, str], now: datetime) -> float | None:
    seconds: float | None = None
    if after := headers.get("retry-after"):
        seconds = _seconds_of(after, now)
    elif headers.get("x-ratelimit-remaining") == "0":
        reset = _number(headers.get("x-ratelimit-reset", ""))
        seconds = _LIMIT_PAUSE_SECONDS if reset is None else reset - now.timestamp()
    return None if seconds is None else min(max(seconds, 1.0), _LONGEST_PAUSE_SECONDS)


def _seconds_of(after: str, now: datetime) -> float:
    """Read `Retry-After`: seconds or a date (RFC 9110 10.2.3)."""
    seconds = _number(after)
    if seconds is not None:
        return seconds
    try:
        return parsedate_to_datetime(after).timestamp() - now.timestamp()
    except ValueError:
        return _LIMIT_PAUSE_SECONDS


def _number(text: str) -> float | None:
    text = text.strip()
    return float(text) if text.isascii() and text.isdecimal() and len(text) <= 12 else None


def _message(body: str) -> str:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(answer, dict):
        return ""
    parts = [answer.get("message")]
    errors = answer.get("errors")
    if isinstance(errors, list):
        parts += [error.get("message") if isinstance(error, dict) else error for error in errors[:3]]
    return " ".join(" ".join(part.split()) for part in parts if isinstance(part, str))[:300]
