"""What the edge function can decide about a request."""

import json
import logging
from collections.abc import Iterable
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

_NOT_CLIENTS = (b"x-battleshiper-", b"x-forwarded-")
"""Names under which only the edge function is believed, also when a client says just the same."""


def decision_from(text: str, given: Iterable[Header]) -> Decision:
    """Read what `host.js` says about a request with these headers."""
    if text[0] == "/":
        uri, status, mark = text.split(" ")
        return ServeObject(unquote(uri[1:]), int(status), mark == "1")
    outcome: dict[str, Any] = json.loads(text)
    if "status" in outcome:
        for message in outcome["messages"]:
            _log.error("The edge function says: %s", message)
        headers = tuple((_bytes(name), _bytes(header["value"])) for name, header in outcome["headers"].items())
        return Answer(outcome["status"], headers, outcome.get("body", "").encode())
    changed: dict[str, dict[str, Any]] = outcome["headers"]
    kept = tuple(header for header in given if _is_kept(header, changed))
    untouched = {_text(name) for name, _ in kept}
    added: dict[str, str] = {name: said["value"] for name, said in changed.items() if name not in untouched}
    noindex = added.pop("x-battleshiper-robots", None) is not None
    function = added.pop("x-battleshiper-function") if outcome["origin"] == _ROUTER else outcome["origin"]
    # What CloudFront's signature pushed aside, the function's runtime puts back.
    added.pop("x-battleshiper-authorization", None)
    return Invoke(function, (*kept, *((_bytes(name), _bytes(value)) for name, value in added.items())), noindex)


def _is_kept(header: Header, after: dict[str, dict[str, Any]]) -> bool:
    """Tell whether a client's header is still there. The function sets single values and removes whole headers, so
    that what has several values is as it was."""
    if header[0].startswith(_NOT_CLIENTS):
        return False
    said = after.get(_text(header[0]))
    return said is not None and ("multiValue" in said or said["value"] == _text(header[1]))


def _text(value: bytes) -> str:
    return value.decode("latin-1")


def _bytes(text: str) -> bytes:
    return text.encode("latin-1")
