"""Runs the edge function's source, one request at a time, within limits of memory and time."""

import logging
from collections.abc import Callable, Collection
from pathlib import Path

import quickjs  # type: ignore[import-untyped]  # it publishes no types

from battleshiper.edge.local.asgi import Header
from battleshiper.edge.local.decision import Decision, decision_from

_IMPORT = "import cf from 'cloudfront';"
_HOST = Path(__file__).with_name("host.js")
_MEMORY_BYTES = 64 * 1024**2
_SECONDS = 0.5
"""Of processor time of the whole process, for one step of the function; it needs about 20 microseconds."""
_MOST_KNOWN = 4096
"""Values of the route store, of at most 1 KB each."""

_log = logging.getLogger(__name__)


class EdgeFunctionError(Exception):
    """The edge function failed or ran into a limit. The next request finds it as new."""


class Engine:
    """The edge function. Not for several threads; every call runs to its end before the next begins."""

    def __init__(self, source: str, get: Callable[[str], str | None]) -> None:
        """`source` is the function's (see `edge.source`); `get` reads the route store and may raise anything."""
        if source.count(_IMPORT) != 1:
            raise ValueError(f"the edge function must have one line `{_IMPORT}`")
        load = f"(cf, console) => {{\n'use strict';\n{source.replace(_IMPORT, '')}\nreturn handler;\n}}"
        self._source = f"{_HOST.read_text(encoding='utf-8')}(globalThis, {load});"
        self._get = get
        self._run: _Run | None = None

    def decide(self, method: str, path: str, query: str, headers: Collection[Header], client: str) -> Decision:
        """Ask the function about a request: the raw path without its query, headers with lowercase names.

        Raises EdgeFunctionError.
        """
        fields = [part.decode("latin-1") for header in headers for part in header]
        if "\0" in "".join(fields):
            # At which a text from QuickJS would end. No host and no address may have the other one, either.
            fields = [field.replace("\0", "\ufffd") for field in fields]
        if self._run is None:
            self._run = _Run(self._source, self._get)
        try:
            text = self._run.decide((method, path, query, client, *fields))
        except (quickjs.JSException, quickjs.StackOverflow, EdgeFunctionError) as error:
            # Out of memory or out of time: what is left of the context is not to be relied on.
            self._run = None
            raise EdgeFunctionError(str(error)) from error
        return decision_from(text, headers, fields)


class _Run:
    """A context, and the values of the route store that are kept in it."""

    def __init__(self, source: str, get: Callable[[str], str | None]) -> None:
        context = quickjs.Context()
        context.set_memory_limit(_MEMORY_BYTES)
        context.set_time_limit(_SECONDS)
        context.eval(source)
        self._get = get
        self._known: dict[str, str | None] = {}
        self._start = context.get("start")
        self._bring = context.get("bring")
        self._fail = context.get("fail")
        self._forget = context.get("forget")
        self._global = context.get
        self._step = context.execute_pending_job

    def decide(self, event: tuple[str, ...]) -> str:
        if len(self._known) > _MOST_KNOWN:
            self._forget_all()
        keys, _, outcome = self._ask(event).partition("\n")
        if not self._is_true(keys.split()):
            self._forget_all()
            _, _, outcome = self._ask(event).partition("\n")
        return outcome

    def _ask(self, event: tuple[str, ...]) -> str:
        self._start(*event)
        step, said = self._step, self._global
        while True:
            is_on_its_way = step()
            text: str | None = said("said")
            if text is None:
                if not is_on_its_way:
                    raise EdgeFunctionError("it waits for something that never comes")
            elif text[0] == "?":
                self._answer(text[1:])
            elif text[0] == "!":
                raise EdgeFunctionError(text[1:])
            else:
                return text

    def _answer(self, key: str) -> None:
        try:
            value = self._get(key)
        except Exception:
            _log.exception("The route store cannot be read")
            self._fail()
        else:
            self._known[key] = value
            self._bring(value)

    def _is_true(self, keys: list[str]) -> bool:
        """Tell whether the store says about these keys what the function was told."""
        try:
            for key in keys:
                if self._get(key) != self._known[key]:
                    return False
        except Exception:
            # Asked again, the function finds out itself, and says so.
            return False
        return True

    def _forget_all(self) -> None:
        self._known.clear()
        self._forget()
