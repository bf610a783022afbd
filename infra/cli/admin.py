"""The `admin` command: who runs the platform besides its operator, and who uses it."""

from typing import Annotated

import typer

from battleshiper.infra.cli import subscriptions
from battleshiper.infra.cli.client import Client
from battleshiper.infra.cli.listings import AsJson
from battleshiper.infra.cli.output import age, console, plain, print_json, print_table
from battleshiper.infra.cli.startup import settings_from_environment

group = typer.Typer(no_args_is_help=True)
group.add_typer(subscriptions.group, name="subscriptions")

_User = Annotated[int, typer.Argument(help="GitHub's number of the account: `admin users` lists it.")]


@group.callback()
def admin() -> None:
    """See who uses the platform, and say who else runs it."""


@group.command()
def invite(*, json: AsJson = False) -> None:
    """Print a link that makes whoever opens it first, and signs in, an administrator. It is good once, for a day."""
    answer = _client().post("/invitations")
    if json:
        print_json(answer)
        return
    out = console()
    out.print("Whoever opens this link first, and signs in, administers the platform. It is good once, for a day:")
    out.print(f"  [bold]{answer['url']}[/bold]", soft_wrap=True)


@group.command()
def users(
    text: Annotated[str | None, typer.Argument(help="What is in their login or name, or their number.")] = None,
    *,
    json: AsJson = False,
) -> None:
    """List those who have signed in."""
    found = _client().get("/users", q=text)
    if json:
        print_json(found)
        return
    rows = [
        (
            str(each["id"]),
            plain(each["login"]),
            plain(each["name"]),
            ", ".join(each["roles"]),
            age(each["signed_in_at"]),
        )
        for each in found
    ]
    print_table(("NUMBER", "LOGIN", "NAME", "ROLES", "SIGNED IN"), rows, empty="Nobody has signed in.")


@group.command()
def roles(
    user: _User,
    names: Annotated[
        list[str] | None,
        typer.Argument(help="support, maintainer, subscription-manager, role-manager; none takes all of them."),
    ] = None,
    *,
    json: AsJson = False,
) -> None:
    """Give an account these roles, and no others."""
    account = _client().put(f"/users/{user}/roles", "", roles=",".join(names or []))
    if json:
        print_json(account)
        return
    console().print(f"{plain(account['login'])} is {', '.join(account['roles']) or 'a user like any other'}.")


@group.command("sign-out")
def sign_out(user: _User, *, json: AsJson = False) -> None:
    """End all sessions of an account."""
    answer = _client().delete(f"/users/{user}/sessions")
    if json:
        print_json(answer)
        return
    console().print(f"{user} is signed out everywhere.")


@group.command()
def audit(*, json: AsJson = False) -> None:
    """List what was done by those who run the platform, the latest first."""
    found = _client().get("/audit", limit=200)
    if json:
        print_json(found)
        return
    rows = [
        (age(each["at"]), plain(each["actor"]), each["action"], plain(each["subject"]), each["before"], each["after"])
        for each in found
    ]
    print_table(("AGE", "WHO", "WHAT", "TO WHOM", "BEFORE", "AFTER"), rows, empty="Nothing yet.")


def _client() -> Client:
    return Client.for_settings(settings_from_environment())
