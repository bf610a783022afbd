"""The way to a function, remembered: what the edge function says about every plain request for the same page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from battleshiper.edge.local.asgi import Header
from battleshiper.edge.local.decision import Invoke

_ADDRESS = b"x-forwarded-for"
# What the edge function removes or replaces, so that requests with such headers are its own to judge.
_CLAIMS = re.compile(rb"x-battleshiper-|x-forwarded-|x-amz-|x-real-ip$|forwarded$")


@dataclass(frozen=True, slots=True)
class Way:
    """Leads plain requests to a function with `added` headers and the client's address."""

    function: str
    added: tuple[Header, ...]
    noindex: bool

    def lead(self, headers: Sequence[Header], client: str) -> Invoke:
        """Return what the edge function would say about a plain request with these headers."""
        return Invoke(self.function, (*headers, *self.added, (_ADDRESS, client.encode())), self.noindex)


def way_of(decision: Invoke, headers: Sequence[Header], client: str) -> Way | None:
    """Return the way to remember from a decision about a plain request, or None when it leads only this request."""
    added = decision.headers[len(headers) :]
    way = Way(decision.function, tuple(header for header in added if header[0] != _ADDRESS), decision.noindex)
    is_whole = sorted(way.lead(headers, client).headers) == sorted(decision.headers)
    return way if is_whole and decision.headers[: len(headers)] == tuple(headers) else None


def is_plain(headers: Sequence[Header]) -> bool:
    """Tell whether the client claims nothing that the edge function would have to judge."""
    return not any(_CLAIMS.match(name) for name, _ in headers)
