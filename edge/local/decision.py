"""What the edge function can decide about a request."""

import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from battleshiper.edge.local.asgi import Header

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer with this, at once."""

    status: int
    headers: tuple[Header, ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class ServeObject:
    """Answer with an object. `key` begins with the prefix of the deployment that the hostname points to."""

    key: str
    status: int
    noindex: bool


@dataclass(frozen=True, slots=True)
class Invoke:
    """Pass the request to a function, with these headers instead of the client's."""

    function: str
    headers: tuple[Header, ...]
    noindex: bool


Decision = Answer | ServeObject | Invoke

_ROUTER = "router"
"""The origin that CloudFront needs for what it cannot do itself; here we do it ourselves."""

_OURS = "x-battleshiper-"
_NOT_CLIENTS = (_OURS, "x-forwarded-")
"""Names under which only the edge function is believed, also when a client says just the same."""
_FUNCTION = "x-battleshiper-function"
_ROBOTS = "x-battleshiper-robots"
# As in host.js.
_SEPARATOR = "\u2028"
_SEVERAL = "\u2029"


def decision_from(text: str, given: Iterable[Header], fields: Sequence[str]) -> Decision:
    """Read what `host.js` says about a request with these headers; `fields` has their names and values in turn."""
    if text[0] == "/":
        uri, status, mark = text.split(" ")
        return ServeObject(unquote(uri[1:]), int(status), mark == "1")
    if text[0] == "{":
        outcome: dict[str, Any] = json.loads(text)
        for message in outcome["messages"]:
            _log.error("The edge function says: %s", message)
        headers = tuple((_bytes(name), _bytes(header["value"])) for name, header in outcome["headers"].items())
        return Answer(outcome["status"], headers, outcome.get("body", "").encode())
    _, origin, *said = text.split(_SEPARATOR)
    after: dict[str, str | None] = dict(zip(said[::2], said[1::2], strict=True))
    function = str(after[_FUNCTION]) if origin == _ROUTER else origin
    noindex = _ROBOTS in after
    kept: list[Header] = []
    for header, name, value in zip(given, fields[::2], fields[1::2], strict=True):
        now = after.get(name)
        # The function sets single values and removes whole headers, so that what has several values is as it was.
        if now is None or (now != value and now != _SEVERAL) or name.startswith(_NOT_CLIENTS):
            continue
        kept.append(header)
        if now == value:
            after[name] = None
    for name, added in after.items():
        # What CloudFront's signature pushed aside, the function's runtime puts back.
        if added is not None and added != _SEVERAL and not name.startswith(_OURS):
            kept.append((_bytes(name), _bytes(added)))
    return Invoke(function, tuple(kept), noindex)


def _bytes(text: str) -> bytes:
    return text.encode("latin-1")
