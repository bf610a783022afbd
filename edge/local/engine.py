"""Runs the edge function's source, one request at a time, within limits of memory and time."""

import logging
from collections.abc import Callable, Collection
from json.encoder import encode_basestring_ascii as _quote
from pathlib import Path

import quickjs  # type: ignore[import-untyped]  # it publishes no types

from battleshiper.edge.local.asgi import Header
from battleshiper.edge.local.decision import Decision, decision_from

_IMPORT = "import cf from 'cloudfront';"
_HOST = Path(__file__).with_name("host.js")
_MEMORY_BYTES = 64 * 1024**2
_SECONDS = 0.5
"""Of processor time of the whole process, for one step of the function; it needs about 20 microseconds."""

_log = logging.getLogger(__name__)


class EdgeFunctionError(Exception):
    """The edge function failed or ran into a limit. The next request finds it as new."""


class Engine:
    """The edge function. Not for several threads; every call runs to its end before the next begins."""

    def __init__(self, source: str, get: Callable[[str], str | None]) -> None:
        """`source` is the function's (see `edge.source`); `get` reads the route store and may raise anything."""
        if source.count(_IMPORT) != 1:
            raise ValueError(f"the edge function must have one line `{_IMPORT}`")
        self._source = _HOST.read_text(encoding="utf-8") + source.replace(_IMPORT, "")
        self._get = get
        self._run: _Run | None = None

    def decide(self, method: str, path: str, query: str, headers: Collection[Header], client: str) -> Decision:
        """Ask the function about a request: the raw path without its query, headers with lowercase names.

        Raises EdgeFunctionError.
        """
        if self._run is None:
            self._run = _Run(self._source, self._get)
        try:
            text = self._run.decide(method, path, query, _event_headers(headers), client)
        except (quickjs.JSException, quickjs.StackOverflow) as error:
            # Out of memory or out of time: what is left of the context is not to be relied on.
            self._run = None
            raise EdgeFunctionError(str(error)) from error
        return decision_from(text, headers)


class _Run:
    def __init__(self, source: str, get: Callable[[str], str | None]) -> None:
        context = quickjs.Context()
        context.set_memory_limit(_MEMORY_BYTES)
        context.set_time_limit(_SECONDS)
        context.eval(source)
        self._get = get
        self._start = context.get("start")
        self._bring = context.get("bring")
        self._fail = context.get("fail")
        self._next = context.get("next")
        self._step = context.execute_pending_job

    def decide(self, method: str, path: str, query: str, headers: str, client: str) -> str:
        step, following = self._step, self._next
        # Keys are labels and `<deployment>/<shard>`; only an outcome begins so.
        text: str | None = self._start(method, path, query, headers, client)
        while text is None or text[0] not in "/{":
            if text is not None:
                self._answer(text)
            while step():
                pass
            text = following()
        return text

    def _answer(self, key: str) -> None:
        try:
            value = self._get(key)
        except Exception:
            _log.exception("The route store cannot be read")
            self._fail()
        else:
            self._bring(value)


def _event_headers(headers: Collection[Header]) -> str:
    """Return headers as CloudFront's events hold them, in JSON; several of one name become `multiValue`."""
    values: dict[bytes, list[str]] = {}
    for name, value in headers:
        quoted = f'{{"value":{_quote(value.decode("latin-1"))}}}'
        if name in values:
            values[name].append(quoted)
        else:
            values[name] = [quoted]
    members = [
        f"{_quote(name.decode('latin-1'))}:{several[0] if len(several) == 1 else _multiple(several)}"
        for name, several in values.items()
    ]
    return f"{{{','.join(members)}}}"


def _multiple(quoted: list[str]) -> str:
    return f'{quoted[0][:-1]},"multiValue":[{",".join(quoted)}]}}'
