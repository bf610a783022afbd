"""The `aws deploy` command."""

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from battleshiper.infra.cli.aws.asking import confirm
from battleshiper.infra.cli.aws.consent import Consent
from battleshiper.infra.cli.aws.operator import Operator
from battleshiper.infra.cli.aws.options import environment, options_from_environment, told
from battleshiper.infra.cli.aws.outcome import AGAIN, conclude, outcome_json
from battleshiper.infra.cli.aws.outputs import show_outputs
from battleshiper.infra.cli.aws.progress import notices
from battleshiper.infra.cli.aws.templates import Assembly, given_stacks, made_stacks
from battleshiper.infra.cli.listings import AsJson
from battleshiper.infra.cli.output import print_json

if TYPE_CHECKING:
    from battleshiper.infra.aws.operation.rollout import Outcome
    from battleshiper.infra.aws.stack.options import Options

_SCRIPTS = "Look with `battleshiper aws diff`, then deploy with --yes."

Yes = Annotated[bool, typer.Option("--yes", help="Ask nothing.")]
NoWait = Annotated[bool, typer.Option("--no-wait", help="Show the DNS records that are missing, and do not wait.")]
ReplaceData = Annotated[
    bool, typer.Option("--replace-data", help="Also replace or remove what holds data, such as the table or a bucket.")
]


def deploy(
    *,
    assembly: Assembly = None,
    yes: Yes = False,
    no_wait: NoWait = False,
    replace_data: ReplaceData = False,
    json: AsJson = False,
) -> None:
    """Put the platform into your account, or bring it up to date. Safe to call again after any failure."""
    options = options_from_environment()
    notes = notices(json=json)
    consent = Consent(partial(confirm, json=json, instead=_SCRIPTS), given=yes, replace_data=replace_data)
    try:
        with told():
            outcome = _deploy(options, assembly, Operator(notes, consent), patient=not no_wait)
    except KeyboardInterrupt:
        notes.print(f"What has begun in your account goes on: {AGAIN}")
        raise
    if json:
        print_json(outcome_json(outcome))
    else:
        show_outputs(notes, outcome.stacks.outputs)
    conclude(outcome, notes)


def _deploy(options: "Options", assembly: Assembly, operator: Operator, *, patient: bool) -> "Outcome":
    from battleshiper.infra.aws.operation.account import clients_in, read_account
    from battleshiper.infra.aws.operation.rollout import Rollout
    from battleshiper.infra.aws.operation.setup.app_secrets import read_app_secrets
    from battleshiper.infra.aws.operation.stacks.series import StackSeries
    from battleshiper.infra.aws.operation.stacks.synthesis import require_cdk
    from battleshiper.infra.aws.operation.steps import after_the_stacks, before_the_stacks

    secrets = read_app_secrets(environment())
    if assembly is None:
        require_cdk()
    here = clients_in(options.region)
    account = read_account(here)
    given = given_stacks(options, assembly) if assembly else None
    rollout = Rollout(
        before_the_stacks(clients_in, given),
        lambda options: made_stacks(options, operator.tell) if given is None else given,
        StackSeries(clients_in, account, operator).deploy,
        after_the_stacks(secrets, options.region, here, patient=patient),
        operator,
    )
    return rollout.run(options)
