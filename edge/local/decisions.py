"""The edge function's decisions, with the plain ones remembered.

What the function decides about reading a file or a page depends on the host, the path and the values it read from the
route store, and on nothing else but what `way` tells of. So a decision is good again as long as those values are the
same, which is checked each time.
"""

from collections.abc import Callable, Sequence

from battleshiper.edge.local.asgi import Header
from battleshiper.edge.local.decision import Decision, Invoke, ServeObject
from battleshiper.edge.local.engine import Engine
from battleshiper.edge.local.way import Way, is_plain, way_of

_MOST_REMEMBERED = 8192
_LONGEST_PATH = 512

Reads = tuple[tuple[str, str | None], ...]


class Decisions:
    """Asks the edge function, or remembers what it said."""

    def __init__(self, source: str, get: Callable[[str], str | None]) -> None:
        """See `Engine`."""
        self._get = get
        self._engine = Engine(source, self._read)
        self._reads: dict[str, str | None] = {}
        self._known: dict[tuple[bytes, bytes], tuple[ServeObject | Way, Reads]] = {}

    def recall(self, host: bytes, path: bytes) -> ServeObject | Way | None:
        """Return what is known of GET and HEAD for this host (the only one named) and raw path. A Way is for plain
        requests only."""
        known = self._known.get((host, path))
        if known is None:
            return None
        try:
            is_still_true = all(self._get(key) == value for key, value in known[1])
        except Exception:
            # Whoever asks the function will find out, and say so.
            return None
        return known[0] if is_still_true else None

    def decide(
        self, method: str, host: bytes | None, path: bytes, query: bytes, headers: Sequence[Header], client: str
    ) -> Decision:
        """Ask the function. `host` is the only host named, or None. Raises EdgeFunctionError."""
        self._reads = {}
        decision = self._engine.decide(method, path.decode("latin-1"), query.decode("latin-1"), headers, client)
        if method in ("GET", "HEAD") and host is not None and len(path) <= _LONGEST_PATH:
            if isinstance(decision, ServeObject):
                self._remember(host, path, decision)
            elif isinstance(decision, Invoke) and is_plain(headers) and (way := way_of(decision, headers, client)):
                self._remember(host, path, way)
        return decision

    def _remember(self, host: bytes, path: bytes, decision: ServeObject | Way) -> None:
        if len(self._known) >= _MOST_REMEMBERED:
            del self._known[next(iter(self._known))]
        self._known[host, path] = (decision, tuple(self._reads.items()))

    def _read(self, key: str) -> str | None:
        value = self._get(key)
        self._reads[key] = value
        return value
