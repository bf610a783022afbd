"""What the edge function can decide about a request."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer with this, at once."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
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
    headers: tuple[tuple[bytes, bytes], ...]
    noindex: bool


Decision = Answer | ServeObject | Invoke

_ROUTER = "router"
"""The origin that CloudFront needs for what it cannot do itself; here we do it ourselves."""


def decision_from(outcome: dict[str, Any]) -> Decision:
    """Read what `host.js` says."""
    if outcome["kind"] == "object":
        return ServeObject(unquote(outcome["uri"][1:]), int(outcome["status"]), outcome["noindex"])
    headers = _Headers(outcome["headers"])
    if outcome["kind"] == "answer":
        return Answer(outcome["status"], headers.pairs(), outcome.get("body", "").encode())
    noindex = headers.take("x-battleshiper-robots") is not None
    function = headers.take("x-battleshiper-function") if outcome["origin"] == _ROUTER else outcome["origin"]
    if authorization := headers.take("x-battleshiper-authorization"):
        headers.put("authorization", authorization)
    return Invoke(str(function), headers.pairs(), noindex)


class _Headers:
    """Headers as CloudFront's events hold them: name to `{value, multiValue?: [{value}]}`."""

    def __init__(self, headers: dict[str, Any]) -> None:
        self._headers = headers

    def take(self, name: str) -> str | None:
        header = self._headers.pop(name, None)
        return None if header is None else str(header["value"])

    def put(self, name: str, value: str) -> None:
        self._headers[name] = {"value": value}

    def pairs(self) -> tuple[tuple[bytes, bytes], ...]:
        return tuple(
            (name.encode("latin-1"), one["value"].encode("latin-1"))
            for name, header in self._headers.items()
            for one in header.get("multiValue") or (header,)
        )
