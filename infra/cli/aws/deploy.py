"""The `aws deploy` command."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from battleshiper.infra.aws.operation.error import OperationError
from battleshiper.infra.cli.aws.asking import confirm
from battleshiper.infra.cli.aws.assembly import Assembly, planned_stacks
from battleshiper.infra.cli.aws.changes import proposals_json, show_proposals
from battleshiper.infra.cli.aws.consent import Consent
from battleshiper.infra.cli.aws.options import options_from_environment, told
from battleshiper.infra.cli.aws.progress import ProgressLines, notices
from battleshiper.infra.cli.failure import CommandError
from battleshiper.infra.cli.listings import AsJson
from battleshiper.infra.cli.output import print_json

if TYPE_CHECKING:
    from battleshiper.infra.aws.operation.stacks.change_sets import Proposal
    from battleshiper.infra.aws.operation.stacks.deployment import Deployment
    from battleshiper.infra.aws.operation.stacks.manifest import PlannedStack
    from battleshiper.infra.aws.operation.steps import Preparation
    from battleshiper.infra.aws.stack.options import Options

_GOES_ON = "What CloudFormation has begun goes on: call `battleshiper aws deploy` again to follow it."
_SCRIPTS = "Look with `battleshiper aws diff`, then deploy with --yes."

Yes = Annotated[bool, typer.Option("--yes", help="Ask nothing.")]
ReplaceData = Annotated[
    bool, typer.Option("--replace-data", help="Also replace or remove what holds data, such as the table or a bucket.")
]


def deploy(
    *, assembly: Assembly = None, yes: Yes = False, replace_data: ReplaceData = False, json: AsJson = False
) -> None:
    """Put the platform into your account, or bring it up to date. Safe to call again after any failure."""
    options = options_from_environment()
    notes = notices(json=json)
    try:
        with told():
            done = _deploy(options, assembly, notes, yes=yes, replace_data=replace_data, json=json)
    except KeyboardInterrupt:
        notes.print(_GOES_ON)
        raise
    if json:
        print_json(done)


def _deploy(
    options: "Options", assembly: Assembly, notes: Console, *, yes: bool, replace_data: bool, json: bool
) -> dict[str, object]:
    from battleshiper.infra.aws.operation.account import clients_in, read_account
    from battleshiper.infra.aws.operation.stacks.deployment import Deployment
    from battleshiper.infra.aws.operation.stacks.publishing import Publisher
    from battleshiper.infra.aws.operation.stacks.synthesis import require_cdk
    from battleshiper.infra.aws.operation.steps import after_the_stacks, before_the_stacks

    if assembly is None:
        require_cdk()
    preparations = before_the_stacks(clients_in)
    _require_account(options, preparations, notes)
    for preparation in preparations:
        notes.print(f"[bold]{preparation.title}[/bold]")
        options = preparation.do(options, _indented(notes))
    stacks = planned_stacks(options, assembly, notes.print)
    published = Publisher(clients_in, read_account(clients_in(options.region))).publish(
        asset for stack in stacks for asset in stack.assets
    )
    notes.print(f"Uploaded {published.uploaded} files; {published.there} were there.")
    deployment = Deployment(clients_in, ProgressLines(notes))
    ask = partial(confirm, json=json, instead=_SCRIPTS)
    consent = Consent(ask, given=yes, replace_data=replace_data)
    proposals = [_deploy_stack(deployment, stack, consent, notes) for stack in stacks]
    found = (deployment.read(stack) for stack in stacks)
    outputs = {key: value for stack in found if stack for key, value in stack.outputs.items()}
    for conclusion in after_the_stacks(options, clients_in):
        notes.print(f"[bold]{conclusion.title}[/bold]")
        conclusion.do(outputs, _indented(notes))
    for name, value in sorted(outputs.items()):
        notes.print(f"  {name:<24} {escape(value)}")
    return {"stacks": proposals_json(proposals), "outputs": outputs}


def _require_account(options: "Options", preparations: "Sequence[Preparation]", notes: Console) -> None:
    """Raise CommandError where the doctor finds what stops a deployment, and no preparation mends it."""
    from battleshiper.infra.aws.operation.account import clients_in
    from battleshiper.infra.aws.operation.examination import examine
    from battleshiper.infra.local.diagnosis import Verdict

    settled = frozenset[str]().union(*(each.settles for each in preparations))
    notes.print("[bold]Account[/bold]")
    findings = list(examine(options, clients_in))
    for each in findings:
        if each.verdict is Verdict.WEAK:
            notes.print(f"  [yellow]![/yellow] {each.name}: {escape(each.found)}")
    bad = [each for each in findings if each.verdict is Verdict.BAD and each.name not in settled]
    if bad:
        told = "\n  ".join(f"{each.name}: {each.found}. {each.remedy}" for each in bad)
        raise CommandError(f"The platform cannot be deployed like this.\n  {told}", "See `battleshiper aws doctor`.")


def _deploy_stack(deployment: "Deployment", stack: "PlannedStack", consent: Consent, notes: Console) -> "Proposal":
    proposal = deployment.propose(stack)
    try:
        show_proposals(notes, [proposal])
        consent.require(proposal)
    except BaseException:
        # What went wrong matters more than what is left behind, which the next deployment takes up.
        with suppress(OperationError):
            deployment.discard(proposal)
        raise
    deployment.execute(proposal)
    return proposal


def _indented(notes: Console) -> Callable[[str], None]:
    return lambda line: notes.print(f"  {escape(line)}")
