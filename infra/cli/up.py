"""The `up` command: the platform on this machine, until it is stopped."""

import logging
from dataclasses import replace
from threading import Event
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from battleshiper.infra.cli.app_watch import AppWatch
from battleshiper.infra.cli.listings import AsJson
from battleshiper.infra.cli.output import console, print_json
from battleshiper.infra.cli.startup import listen_for_stop, running_platform, settings_from_environment
from battleshiper.infra.local.settings import Settings

if TYPE_CHECKING:
    from battleshiper.infra.local.running import RunningPlatform


def up(
    *,
    unsafe_builds: Annotated[
        bool, typer.Option("--unsafe-builds", help="Build without a sandbox: only repositories that you trust.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Run the platform on this machine. Without a GitHub App, a stand-in for GitHub runs beside it; once
    `github create-app` or the page behind the printed link has made one, the platform starts again with it."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.WARNING)
    stop: Event | None = None
    settings: Settings | None = settings_from_environment()
    while settings is not None:
        settings = replace(settings, unsafe_builds=settings.unsafe_builds or unsafe_builds)
        watch = AppWatch(settings)
        with running_platform(settings) as running:
            stop = stop or listen_for_stop()
            if json:
                print_json(_describe(running))
            else:
                _greet(console(), running)
            settings = watch.wait(stop)
            if not json:
                console().print("Stopping…" if settings is None else "An App was made: starting again with it…")


def _describe(running: "RunningPlatform") -> dict[str, object]:
    has_standin = running.standin_url is not None
    return {
        "url": running.base_url,
        "data_dir": str(running.settings.data_dir),
        "github_url": running.github.url,
        "webhook_url": f"{running.base_url}/webhooks/github",
        "standin_url": running.standin_url,
        "connect_url": running.connect_url,
        "invitation_url": running.invitation_url,
        "push_url": running.push_url("my-site") if has_standin else None,
        "weaknesses": list(running.weaknesses),
    }


def _greet(out: Console, running: "RunningPlatform") -> None:
    out.print(f"[green]✓[/green] [bold]Battleshiper[/bold] is up at [link]{running.base_url}[/link]")
    out.print(f"  Data     {running.settings.data_dir}")
    for weakness in running.weaknesses:
        out.print(f"  [yellow]![/yellow] {escape(weakness)}")
    if running.invitation_url:
        out.print("  Nobody administers it yet. Whoever opens this link first, within a day, and signs in, does:")
        out.print(f"  {running.invitation_url}", soft_wrap=True)
    if running.standin_url is None:
        out.print(f"  GitHub   {running.github.url}")
        out.print(f"  Webhook  {running.base_url}/webhooks/github")
        return
    out.print(f"  GitHub   {running.standin_url} [dim](a stand-in: no App is configured)[/dim]")
    out.print()
    out.print("Deploy a repository of yours: in its folder, type")
    out.print(f"  [bold]git push {running.push_url('my-site')} HEAD:main[/bold]")
    out.print("and watch it at")
    out.print(f"  {running.standin_url}")
    out.print("Or connect GitHub itself, by this link, which is yours alone and good once:")
    out.print(f"  {running.connect_url}", soft_wrap=True)
    out.print("[dim]Ctrl-C stops the platform; nothing is lost.[/dim]")
