"""The `demo` command: the main job, for real, told step by step."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import httpx
import typer
from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.spinner import Spinner

from battleshiper.infra.cli.client import Client
from battleshiper.infra.cli.failure import CommandError
from battleshiper.infra.cli.output import print_json
from battleshiper.infra.cli.startup import listen_for_stop, running_platform, settings_from_environment
from battleshiper.infra.local.demo.github import GitHubView
from battleshiper.infra.local.demo.repository import DemoRepository, GitFailedError
from battleshiper.infra.local.demo.stage import Stage, StoryError
from battleshiper.infra.local.demo.story import Story
from battleshiper.infra.local.github.person import Person, RefusedError

if TYPE_CHECKING:
    from battleshiper.infra.local.running import RunningPlatform

_NAME = "hello"


def demo(
    *,
    once: Annotated[bool, typer.Option("--once", help="Stop when the story is told.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output.")] = False,
    unsafe_builds: Annotated[bool, typer.Option("--unsafe-builds", help="Build without a sandbox.")] = False,
) -> None:
    """Show the main job for real: push a SvelteKit site, see it live, push again, roll back."""
    # With a folder and ports of its own, the demo is in nobody's way.
    with TemporaryDirectory(prefix="battleshiper-demo-", ignore_cleanup_errors=True) as folder:
        settings = replace(
            settings_from_environment(), data_dir=Path(folder) / "data", github=None, unsafe_builds=unsafe_builds
        )
        if once:
            settings = replace(settings, port=0, github_port=0)
        with running_platform(settings) as running:
            console = Console(stderr=True, highlight=False)
            narrator = _Narrator(console)
            narrator.open(running)
            seen = _play(running, Path(folder) / "site", narrator)
            if json:
                print_json(seen)
            if not once:
                _stay(console, running, seen)


def _play(running: "RunningPlatform", folder: Path, narrator: "_Narrator") -> dict[str, Any]:
    stage = Stage(
        Client.for_settings(running.settings),
        GitHubView(running.github, running.repository_name(_NAME)),
        DemoRepository(folder, running.push_url(_NAME)),
        running.repository_name(_NAME),
        Person.owner(running.github.url, running.settings.data_dir / "github"),
        running.settings.port,
    )
    try:
        with narrator:
            return Story(stage, narrator).run()
    except (httpx.HTTPError, RefusedError) as error:
        raise CommandError(f"The stand-in for GitHub did not answer as it should: {error}.") from error
    except (StoryError, GitFailedError) as error:
        raise CommandError(str(error), "`battleshiper doctor` tells what is missing on this machine.") from error


def _stay(console: Console, running: "RunningPlatform", seen: dict[str, Any]) -> None:
    stop = listen_for_stop()
    console.print()
    console.print("[bold]Look at it in your browser[/bold]")
    console.print(f"  The site           {seen['production']['url']}")
    console.print(f"  What GitHub shows  {running.standin_url}/{seen['repository']}")
    console.print(f"  The platform       {running.base_url}")
    console.print()
    console.print("[dim]Ctrl-C ends the demo and removes everything it made. For daily use: battleshiper up[/dim]")
    stop.wait()


class _Narrator:
    """Prints steps as they end, and the present one below them while somebody watches."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._spinner = Spinner("dots")
        self._live = Live(self._spinner, console=console, transient=True, refresh_per_second=12)
        self._step = ""

    def open(self, running: "RunningPlatform") -> None:
        self._console.print("[bold]Battleshiper[/bold] with a stand-in for GitHub. What follows is done for real.")
        self._console.print(f"  [dim]{running.base_url}   {running.standin_url}[/dim]", soft_wrap=True)
        for weakness in running.weaknesses:
            self._console.print(f"[yellow]![/yellow] {escape(weakness)}")

    def __enter__(self) -> None:
        if self._console.is_terminal:
            self._live.start()

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def begin(self, what: str) -> None:
        self._step = what
        self._console.print(f"\n[bold]{escape(what)}[/bold]")
        self._spinner.update(text="")

    def progress(self, what: str) -> None:
        width = max(20, self._console.width - 6)
        self._spinner.update(text=escape("".join(c for c in what if c.isprintable())[:width]))

    def done(self, what: str) -> None:
        self._console.print(f"  [green]✓[/green] {escape(what)}")
