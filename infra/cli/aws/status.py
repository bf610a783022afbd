"""The `aws status` command."""

import typer
from rich.markup import escape

from battleshiper.infra.cli.aws.options import options_from_environment, told
from battleshiper.infra.cli.aws.outputs import show_outputs
from battleshiper.infra.cli.failure import CommandError
from battleshiper.infra.cli.listings import AsJson
from battleshiper.infra.cli.output import age, console, print_json


def status(*, json: AsJson = False) -> None:
    """Show the stack in your account, what it tells, and what failed. Exit code 1 unless it is whole."""
    from battleshiper.infra.aws.operation.account import clients_in
    from battleshiper.infra.aws.operation.stacks.failure import remedy_for
    from battleshiper.infra.aws.operation.stacks.stack import failures, read_stack
    from battleshiper.infra.aws.stack.names import STACK

    region = options_from_environment().region
    with told():
        cloudformation = clients_in(region).of("cloudformation")
        stack = read_stack(cloudformation, STACK)
        if stack is None:
            raise CommandError(
                f"There is no stack {STACK} in {region}.", "Make it: battleshiper aws deploy (docs/aws.md)"
            )
        failed = [] if stack.is_good else list(failures(cloudformation, STACK))
    changed_at = stack.changed_at.isoformat()
    if json:
        found = [{"resource": each.resource, "reason": each.reason, "remedy": remedy_for(each)} for each in failed]
        outputs = dict(stack.outputs)
        print_json({"status": stack.status, "changed_at": changed_at, "outputs": outputs, "failures": found})
    else:
        out = console()
        style = "green" if stack.is_good else "red"
        out.print(f"[bold]{STACK}[/bold] in {region}: [{style}]{stack.status}[/{style}], changed {age(changed_at)}")
        show_outputs(out, stack.outputs)
        for each in failed:
            out.print(f"[red]✗[/red] {each.resource} ({each.type}): {escape(each.reason)}")
            out.print(f"  {escape(remedy_for(each))}")
    if not stack.is_good:
        raise typer.Exit(1)
