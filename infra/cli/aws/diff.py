"""The `aws diff` command."""

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from battleshiper.infra.cli.aws.changes import proposals_json, show_proposals
from battleshiper.infra.cli.aws.options import options_from_environment, told
from battleshiper.infra.cli.aws.progress import ProgressLines, notices
from battleshiper.infra.cli.aws.templates import Assembly, given_stacks, made_stacks
from battleshiper.infra.cli.listings import AsJson
from battleshiper.infra.cli.output import console, print_exactly, print_json

if TYPE_CHECKING:
    from battleshiper.infra.aws.operation.stacks.manifest import PlannedStack
    from battleshiper.infra.aws.stack.options import Options

_CHANGES, _DATA_IN_DANGER = 3, 4

ExitCode = Annotated[
    bool,
    typer.Option("--exit-code", help="Exit with 3 where something would change, with 4 where that endangers data."),
]


def diff(*, assembly: Assembly = None, exit_code: ExitCode = False, json: AsJson = False) -> None:
    """Show what `deploy` would change, and change nothing."""
    from battleshiper.infra.aws.operation.account import clients_in, read_account
    from battleshiper.infra.aws.operation.stacks.deployment import Deployment
    from battleshiper.infra.aws.operation.stacks.publishing import Publisher

    options = options_from_environment()
    notes = notices(json=json)
    with told():
        stacks = given_stacks(options, assembly) if assembly else _foreseen_stacks(options, notes)
        deployment = Deployment(clients_in, ProgressLines(notes))
        # CloudFormation reads the templates of stacks that are there from the bucket, and nothing else yet.
        there = [stack.template_asset for stack in stacks if deployment.read(stack) is not None]
        Publisher(clients_in, read_account(clients_in(options.region))).publish(there)
        proposals = deployment.preview(stacks)
    if json:
        print_json(proposals_json(proposals))
    else:
        show_proposals(console(), proposals)
    changes = [change for proposal in proposals for change in proposal.changes]
    if not exit_code or not any(proposal.does_something or proposal.is_new for proposal in proposals):
        return
    raise typer.Exit(_DATA_IN_DANGER if any(change.endangers_data for change in changes) else _CHANGES)


def _foreseen_stacks(options: "Options", notes: Console) -> "tuple[PlannedStack, ...]":
    """Return the stacks as `deploy` would make them once it has the certificates."""
    from battleshiper.infra.aws.operation.account import clients_in
    from battleshiper.infra.aws.operation.setup.certificates import Certificates
    from battleshiper.infra.aws.operation.waiting import Waiting
    from battleshiper.infra.aws.stack.names import CERTIFICATES_REGION

    tell = partial(print_exactly, notes)
    acm = clients_in(CERTIFICATES_REGION).of("acm")
    return made_stacks(Certificates(acm, Waiting(tell), tell).foresee(options), tell)
