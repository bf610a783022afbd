"""The `aws diff` command."""

from typing import Annotated

import typer

from battleshiper.infra.cli.aws.assembly import Assembly, planned_stacks
from battleshiper.infra.cli.aws.changes import proposals_json, show_proposals
from battleshiper.infra.cli.aws.options import options_from_environment, told
from battleshiper.infra.cli.aws.progress import ProgressLines, notices
from battleshiper.infra.cli.listings import AsJson
from battleshiper.infra.cli.output import console, print_json

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
        stacks = planned_stacks(options, assembly, notes.print)
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
