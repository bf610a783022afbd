"""The `admin subscriptions` commands: how much accounts may use."""

import json as jsons
from typing import Annotated

import typer

from battleshiper.infra.cli.client import Client
from battleshiper.infra.cli.failure import CommandError
from battleshiper.infra.cli.listings import AsJson
from battleshiper.infra.cli.output import console, plain, print_json, print_table
from battleshiper.infra.cli.startup import settings_from_environment

group = typer.Typer(no_args_is_help=True)

_Account = Annotated[int, typer.Argument(help="GitHub's number of the person or organisation.")]
_Name = Annotated[str, typer.Argument(help="The subscription's name; `default` is everybody's who has no other.")]


@group.callback()
def subscriptions() -> None:
    """Say how much accounts may use."""


@group.command("list")
def list_subscriptions(*, json: AsJson = False) -> None:
    """List the subscriptions with their limits."""
    found = _client().get("/subscriptions")
    if json:
        print_json(found)
        return
    rows = [(plain(each["name"]), _words(each["limits"]) or "no limit") for each in found]
    print_table(("NAME", "LIMITS"), rows, empty="None yet, so nothing is limited: admin subscriptions set default …")


@group.command("set")
def set_subscription(
    name: _Name,
    limits: Annotated[
        list[str] | None, typer.Argument(help="Such as daily_builds=100; what is not named is not limited.")
    ] = None,
    *,
    json: AsJson = False,
) -> None:
    """Make a subscription, or change what it limits. It counts from the next build on."""
    kept = _client().put(f"/subscriptions/{name}", jsons.dumps(dict(map(_limit, limits or []))))
    if json:
        print_json(kept)
        return
    console().print(f"{plain(kept['name'])}: {_words(kept['limits']) or 'no limit'}")


@group.command()
def give(account: _Account, name: _Name, *, json: AsJson = False) -> None:
    """Give an account a subscription."""
    _show(_client().put(f"/accounts/{account}/subscription", "", name=name), as_json=json)


@group.command()
def usage(account: _Account, *, json: AsJson = False) -> None:
    """Show what an account has used of its limits."""
    _show(_client().get(f"/accounts/{account}/usage"), as_json=json)


def _show(told: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        print_json(told)
        return
    uses = told["uses"]
    assert isinstance(uses, list)  # noqa: S101 - the API's answer
    rows = [
        (each["limit"], _number(each["used"], "each deployment"), _number(each["most"], "no limit")) for each in uses
    ]
    print_table(("LIMIT", "USED", "OF"), rows, empty="Nothing is limited.")
    console().print(f"Subscription {plain(str(told['subscription']))}; counted anew from {told['resets_at']} on.")


def _limit(text: str) -> tuple[str, int]:
    name, _, most = text.partition("=")
    if not most.isdecimal():
        raise CommandError(f"{text!r} is no limit.", "Write it as daily_builds=100.")
    return name, int(most)


def _words(limits: dict[str, int]) -> str:
    return ", ".join(f"{name}={most:,}" for name, most in limits.items())


def _number(value: int | None, otherwise: str) -> str:
    return otherwise if value is None else f"{value:,}"


def _client() -> Client:
    return Client.for_settings(settings_from_environment())
