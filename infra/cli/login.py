"""The `login` and `logout` commands: whose platform the other commands speak to."""

import socket
import sys
import time
from typing import Annotated

import typer
from rich.markup import escape

from battleshiper.infra.cli.client import Client
from battleshiper.infra.cli.failure import CommandError
from battleshiper.infra.cli.kept_login import KeptLogin, forget_login, keep_login
from battleshiper.infra.cli.listings import AsJson
from battleshiper.infra.cli.output import console, print_json
from battleshiper.infra.cli.startup import settings_from_environment

_SLOWEST = 60


def login(
    url: Annotated[str | None, typer.Argument(help="The platform's address; else BATTLESHIPER_BASE_URL.")] = None,
    *,
    with_token: Annotated[
        bool, typer.Option("--with-token", help="Read a token, made on the platform's page, from standard input.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Use a platform as yourself: GitHub says who you are, and every other command goes there until `logout`."""
    settings = settings_from_environment()
    address = (url or settings.base_url).rstrip("/")
    if not address.startswith(("https://", "http://")):
        raise CommandError(f"{address!r} is no address.", "Name it as in your browser: battleshiper login https://…")
    kept = _take_token(address) if with_token else _sign_in(address)
    keep_login(settings.data_dir, kept)
    if json:
        print_json({"url": kept.url, "login": kept.login})
        return
    console().print(f"[green]✓[/green] Logged in to {escape(kept.url)} as [bold]{escape(kept.login)}[/bold].")


def logout(*, json: AsJson = False) -> None:
    """Forget the login. Its token is good until it ends, or you end it on the platform's page /tokens."""
    was_there = forget_login(settings_from_environment().data_dir)
    if json:
        print_json({"logged_out": was_there})
        return
    console().print("Logged out." if was_there else "Nobody was logged in.")


def _sign_in(address: str) -> KeptLogin:
    client, talk = Client(address), console(to_errors=True)
    begun = client.post("/sign-in")
    talk.print(f"Open [bold]{escape(begun['verification_url'])}[/bold] and enter this code:")
    talk.print(f"  [bold]{escape(begun['user_code'])}[/bold]")
    talk.print("[dim]Waiting until you have. Ctrl-C ends this.[/dim]")
    pause, deadline = float(begun["interval"]), time.monotonic() + float(begun["lifetime"])
    while time.monotonic() < deadline:
        time.sleep(pause)
        answer = client.post_text("/sign-in/finish", begun["attempt"], name=socket.gethostname())
        if answer["token"]:
            return KeptLogin(address, answer["login"], answer["token"])
        pause = min(pause + 1, _SLOWEST)
    raise CommandError("Nobody entered the code in time.", "Begin again: battleshiper login")


def _take_token(address: str) -> KeptLogin:
    token = sys.stdin.readline().strip()
    if not token:
        raise CommandError("No token came on standard input.", f"Make one at {address}/tokens")
    me = Client(address, token).get("/me")
    return KeptLogin(address, me["login"], token)
