"""How the work on stacks is shown: a line that lives on a terminal, plain lines elsewhere."""

import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.status import Status
from rich.text import Text

if TYPE_CHECKING:
    from battleshiper.infra.aws.operation.stacks.events import Event
    from battleshiper.infra.aws.operation.stacks.progress import Progress


class ProgressLines:
    """Prints a line for each resource that is done with; on a terminal, the last line shows what is worked on."""

    def __init__(self, out: Console) -> None:
        self._out = out
        self._status: Status | None = None
        self._title = ""

    def begin(self, title: str, total: int) -> None:
        """Begin with a stack."""
        from battleshiper.infra.aws.operation.stacks.progress import Progress

        self._title, self._progress, self._began = title, Progress(total), time.monotonic()
        if self._out.is_terminal:
            self._status = self._out.status(_Line(title, self._progress))
            self._status.start()

    def see(self, event: "Event") -> None:
        """Show an event."""
        seconds = self._progress.seconds_for(event)
        self._progress.see(event)
        if not event.status.endswith("_IN_PROGRESS") and not event.is_of_stack:
            self._out.print(_line(self._progress, event, seconds))
        elif event.is_of_stack and not event.is_end:
            self._out.print(f"  {escape(self._title)}: {event.status}{escape(_because(event))}")

    def end(self) -> None:
        """End with a stack."""
        if self._status:
            self._status.stop()
            self._status = None
        seconds = round(time.monotonic() - self._began)
        self._out.print(f"  {escape(self._title)}: {self._progress.done} resources in {seconds} s")


class _Line:
    """What is worked on. Rich asks again and again, so that the seconds run while nothing happens."""

    def __init__(self, title: str, progress: "Progress") -> None:
        self._title = title
        self._progress = progress

    def __rich__(self) -> Text:
        current = self._progress.current
        if current is None:
            return Text(f"{_count(self._progress)} {self._title}")
        way = "going back: " if self._progress.is_going_back else ""
        seconds = max(0, round((datetime.now(UTC) - current.at).total_seconds()))
        what = f"{_count(self._progress)} {way}{current.resource}"
        return Text.assemble(what, (f" {current.type} {seconds} s", "dim"))


def notices(*, json: bool) -> Console:
    """Return where progress and questions go: past standard output when that is JSON."""
    stream = sys.stderr if json else sys.stdout
    return Console(file=stream, emoji=False, highlight=False, soft_wrap=not stream.isatty())


def _line(progress: "Progress", event: "Event", seconds: int | None) -> str:
    took = "" if seconds is None else f" {seconds} s"
    is_bad = event.status.endswith("_FAILED")
    status = f"[red]{event.status}[/red]" if is_bad else event.status
    reason = _because(event) if is_bad else ""
    return f"  {_count(progress)} {status} {escape(event.resource)} ({escape(event.type)}){took}{escape(reason)}"


def _count(progress: "Progress") -> str:
    return f"{progress.done}/{max(progress.done, progress.total)}" if progress.total else str(progress.done)


def _because(event: "Event") -> str:
    return f": {event.reason}" if event.reason else ""
