"""The logs of what a project shows now: what its build, its deployment and its server said."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from battleshiper.platform.accounts.caller import check_readable
from battleshiper.platform.accounts.viewer import Viewer
from battleshiper.platform.logs.port import LogKind, Logs
from battleshiper.platform.store.port import Store
from battleshiper.platform.web.pages.live_log import read_kind
from battleshiper.platform.web.pages.log_window import read_wanted, read_window
from battleshiper.platform.web.pages.production import find_production
from battleshiper.platform.web.pages.view import View
from battleshiper.platform.web.words import write_machine_moment

RANGES: Mapping[str, tuple[str, timedelta | None]] = {
    "15m": ("Last 15 minutes", timedelta(minutes=15)),
    "1h": ("Last hour", timedelta(hours=1)),
    "24h": ("Last 24 hours", timedelta(hours=24)),
    "7d": ("Last 7 days", timedelta(days=7)),
    "all": ("All that is kept", None),
}
_USUAL = "all"


class LogsPage:
    """Shows the logs of a project's live deployment."""

    def __init__(self, store: Store, logs: Logs, view: View, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._logs = logs
        self._view = view
        self._clock = clock

    def show(self, request: Request, viewer: Viewer) -> Response:
        """The newest lines of one of them, within a time and with a text in them where that is asked for."""
        project = viewer.project(request.path_params["name"])
        check_readable(viewer, project)
        production = find_production(self._store, project)
        live = production.deployment if production else None
        kind = read_kind(request, LogKind.SERVER if live and live.function else LogKind.BUILD)
        chosen = request.query_params.get("range", _USUAL)
        chosen = chosen if chosen in RANGES else _USUAL
        wanted = read_wanted(request.query_params, self._since(chosen))
        return self._view.render(
            "logs.html",
            request,
            viewer,
            project=project,
            live=live,
            kind=kind,
            kinds=tuple(LogKind),
            ranges={name: title for name, (title, _) in RANGES.items()},
            chosen=chosen,
            wanted=wanted,
            window=read_window(self._logs.read(live.id, kind) if live else (), wanted),
            may_write=viewer.may_write(project),
            section="logs",
        )

    def _since(self, chosen: str) -> str:
        length = RANGES[chosen][1]
        return "" if length is None else write_machine_moment(self._clock() - length)
