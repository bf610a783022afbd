"""What requests say in their path and their query."""

from starlette.requests import Request

from battleshiper.platform.store.port import MissingError

_MAX_LIMIT = 500
_LONGEST_ID = 18


def read_limit(request: Request) -> int:
    """Return how many things are asked for; raises ValueError."""
    return min(max(1, read_number(request, "limit", 50)), _MAX_LIMIT)


def read_number(request: Request, name: str, default: int) -> int:
    """Return a whole number; raises ValueError, with a sentence for the answer."""
    value = request.query_params.get(name)
    if value is None:
        return default
    if not value.isdecimal() or len(value) > 16:
        raise ValueError(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def read_account(request: Request) -> int:
    """Return GitHub's number of an account, which the path names; raises MissingError for what is no number."""
    text: str = request.path_params["account"]
    if not (text.isascii() and text.isdecimal() and len(text) <= _LONGEST_ID):
        raise MissingError("account", text)
    return int(text)


def read_switch(request: Request, name: str, default: bool) -> bool:
    """Return whether something is wanted; raises ValueError, with a sentence for the answer."""
    value = request.query_params.get(name)
    if value not in (None, "on", "off"):
        raise ValueError(f"{name} must be on or off, not {value!r}.")
    return default if value is None else value == "on"
