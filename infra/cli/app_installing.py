"""Says what there is to do with a new App, and waits until it is installed."""

import time

from rich.console import Console
from rich.markup import escape

from battleshiper.bot.checkup import list_installations
from battleshiper.bot.connection import Connection
from battleshiper.bot.github import GitHubError
from battleshiper.infra.cli.app_places import Place
from battleshiper.infra.cli.output import print_json
from battleshiper.infra.local.kept_app import KeptApp

_POLL_SECONDS = 2.0


def tell_of(app: KeptApp, place: Place, talk: Console, *, wait: bool, json: bool) -> None:
    """Say where the App is and what comes next; nothing of it is secret."""
    talk.print(f"[green]✓[/green] [bold]{escape(app.name)}[/bold] ({app.app_id}) of {escape(app.owner)} was made.")
    talk.print(f"  Its keys are in {escape(place.kept_in)}, which only you can read.")
    talk.print(f"  {escape(place.after)}")
    talk.print("Install it, and choose repositories:")
    talk.print(f"  [bold]{escape(app.install_url)}[/bold]")
    accounts = _wait(app, talk) if wait else []
    if accounts:
        talk.print(f"[green]✓[/green] It is installed on {escape(', '.join(accounts))}.")
    if json:
        print_json(
            {
                "app_id": app.app_id,
                "slug": app.slug,
                "name": app.name,
                "owner": app.owner,
                "html_url": app.html_url,
                "install_url": app.install_url,
                "installed_on": accounts,
            }
        )


def _wait(app: KeptApp, talk: Console) -> list[str]:
    talk.print("[dim]Waiting until it is installed. Ctrl-C only ends the waiting.[/dim]")
    connection = Connection(app.app_id, app.private_key, app.api_url)
    try:
        while True:
            try:
                installations = list_installations(connection)
            except GitHubError:
                installations = []  # soon again: a new App is not known everywhere at once
            if installations:
                return [installation.login for installation in installations]
            time.sleep(_POLL_SECONDS)
    except KeyboardInterrupt:
        return []
    finally:
        connection.close()
