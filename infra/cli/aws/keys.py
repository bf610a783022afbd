"""The `aws rotate-keys` command."""

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from battleshiper.infra.cli.aws.options import options_from_environment, told
from battleshiper.infra.cli.failure import CommandError
from battleshiper.infra.cli.listings import AsJson
from battleshiper.infra.cli.output import console, print_json

if TYPE_CHECKING:
    from battleshiper.infra.aws.clients import Clients

_TIMEOUT_SECONDS = 30.0

NewToken = Annotated[bool, typer.Option("--operator-token", help="Change the operator's token, too.")]
NewOriginSecret = Annotated[
    bool,
    typer.Option(
        "--origin-secret", help="Before that, change what CloudFront tells the functions: takes a quarter of an hour."
    ),
]


def rotate_keys(
    *, operator_token: NewToken = False, origin_secret: NewOriginSecret = False, json: AsJson = False
) -> None:
    """Sign tickets with a fresh key from now on. The platform does so by itself every 30 days; nothing under way is
    lost."""
    import httpx

    from battleshiper.infra.aws.operation.account import clients_in
    from battleshiper.infra.aws.operation.keys.operator_token import OperatorToken
    from battleshiper.infra.aws.operation.keys.platform_api import PlatformApi
    from battleshiper.infra.aws.operation.stacks.stack import read_stack
    from battleshiper.infra.aws.stack.names import STACK

    region = options_from_environment().region
    with told():
        clients = clients_in(region)
        stack = read_stack(clients.of("cloudformation"), STACK)
        if stack is None or not {"Url", "OperatorTokenSecret"} <= stack.outputs.keys():
            raise CommandError(f"There is no platform in {region}.", "battleshiper aws status tells what there is.")
        if origin_secret:
            _change_origin_secret(clients, STACK, quiet=json)
        token = OperatorToken(clients.of("secretsmanager"), stack.outputs["OperatorTokenSecret"])
        with httpx.Client(timeout=_TIMEOUT_SECONDS) as http:
            keys = PlatformApi(http, stack.outputs["Url"], token.read()).rotate_keys()
        if operator_token:
            token.change()
    if json:
        verifying = [{"key": key, "until": until} for key, until in keys.verifying.items()]
        changed = {"operator_token": operator_token, "origin_secret": origin_secret}
        print_json({"signing": keys.signing, "verifying": verifying, "changed": changed})
        return
    out = console()
    out.print(f"New tickets are signed with key [bold]{escape(keys.signing)}[/bold].")
    for key, until in keys.verifying.items():
        out.print(f"  Tickets of {escape(key)} are good until {escape(until)}.")
    if operator_token:
        out.print("The operator's token is new; the old one is good for at most five minutes more.")


def _change_origin_secret(clients: "Clients", stack: str, *, quiet: bool) -> None:
    from battleshiper.infra.aws.operation.keys.origin_secret import OriginSecret
    from battleshiper.infra.aws.operation.stacks.stack import physical_ids
    from battleshiper.infra.aws.operation.waiting import Waiting
    from battleshiper.infra.aws.secret_names import SecretName
    from battleshiper.infra.aws.variables import SECRETS_PREFIX

    tell = partial(typer.echo, err=quiet)
    distributions = physical_ids(clients.of("cloudformation"), stack, "AWS::CloudFront::Distribution")
    change = OriginSecret(
        clients.of("secretsmanager"), clients.of("cloudfront"), Waiting(tell), tell, lambda: datetime.now(UTC)
    )
    change.rotate(SECRETS_PREFIX + SecretName.ORIGIN_SECRET, distributions)
