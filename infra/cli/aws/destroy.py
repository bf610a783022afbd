"""The `aws destroy` command."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer
from rich.console import Console
from rich.markup import escape

from battleshiper.infra.cli.aws.asking import confirm_by_name
from battleshiper.infra.cli.aws.options import options_from_environment, told
from battleshiper.infra.cli.aws.progress import ProgressLines, notices
from battleshiper.infra.cli.failure import CommandError
from battleshiper.infra.cli.listings import AsJson
from battleshiper.infra.cli.output import print_exactly, print_json

if TYPE_CHECKING:
    from battleshiper.infra.aws.operation.teardown.remains import Remain
    from battleshiper.infra.aws.operation.teardown.survey import StandingStack
    from battleshiper.infra.aws.stack.options import Options

_SCRIPTS = "In a script: --yes, and for the data --data --domain with the platform's domain."

Yes = Annotated[bool, typer.Option("--yes", help="Do not ask for the stack's name.")]
Data = Annotated[bool, typer.Option("--data", help="Delete the data, too: sites, secrets, images, logs.")]
Domain = Annotated[str, typer.Option("--domain", help="The platform's domain, instead of being asked for it.")]


def destroy(*, yes: Yes = False, data: Data = False, domain: Domain = "", json: AsJson = False) -> None:
    """Take the platform out of your account; its data stays. Safe to call again after any failure."""
    from battleshiper.infra.aws.operation.account import clients_in
    from battleshiper.infra.aws.operation.teardown.destruction import Destruction
    from battleshiper.infra.aws.operation.teardown.survey import Surveyor
    from battleshiper.infra.aws.stack.names import STACK

    options = options_from_environment()
    notes = notices(json=json)
    surveyor = Surveyor(clients_in, options.region)
    with told():
        stacks = surveyor.stacks()
        stays = sorted({*surveyor.remains(), *(remain for each in stacks for remain in each.stays)})
        logs = surveyor.log_groups() if data else ()
        _announce(notes, stacks, stays, logs, data=data)
        if stacks and not yes:
            confirm_by_name(notes, STACK, json=json, instead=_SCRIPTS)
        if data and (stacks or stays or logs):
            _require_domain(notes, options, stacks, domain, json=json)
        destruction = Destruction(clients_in, ProgressLines(notes))
        for stack in stacks:
            destruction.delete(stack)
        # The stacks have deleted some log groups, and functions that ended may have made some.
        gone = _erase((*stays, *surveyor.log_groups()), notes) if data else ()
    left = [remain for remain in stays if remain not in gone]
    if json:
        names = [each.name for each in stacks]
        print_json({"deleted": names, "erased": list(map(_json, gone)), "left": list(map(_json, left))})
    else:
        _tell_left(notes, left)


def _erase(remains: "Sequence[Remain]", notes: Console) -> "Sequence[Remain]":
    from battleshiper.infra.aws.operation.account import clients_in
    from battleshiper.infra.aws.operation.teardown.erasure import Eraser

    eraser = Eraser(clients_in)
    erased = []
    for remain in filter(eraser.can_erase, remains):
        eraser.erase(remain)
        erased.append(remain)
        notes.print(f"  deleted the {remain.word} {escape(remain.id)}")
    return erased


def _announce(
    notes: Console,
    stacks: "Sequence[StandingStack]",
    stays: "Sequence[Remain]",
    logs: "Sequence[Remain]",
    *,
    data: bool,
) -> None:
    for each in stacks:
        kinds: dict[str, int] = {}
        for remain in each.goes:
            kinds[remain.type] = kinds.get(remain.type, 0) + 1
        notes.print(f"[bold]{each.name}[/bold] in {each.region} is deleted, with {len(each.goes)} resources:")
        for kind, count in sorted(kinds.items()):
            notes.print(f"  [red]-[/red] {count:>3} {kind}")
    if stays or logs:
        notes.print("[bold red]Its data is deleted for good:[/bold red]" if data else "[bold]What stays:[/bold]")
        for remain in (*stays, *logs):
            notes.print(f"  {'[red]-[/red]' if data else ' '} {remain.word} {escape(remain.id)}")
    if not stacks:
        notes.print("There is no stack of Battleshiper here.")


def _require_domain(
    notes: Console, options: "Options", stacks: "Sequence[StandingStack]", given: str, *, json: bool
) -> None:
    """Go on only with the domain of the platform that is there; raises CommandError."""
    urls = (each.stack.outputs.get("Url", "") for each in stacks)
    domain = next((urlsplit(url).hostname for url in urls if url), None) or options.platform_domain
    if not given:
        notes.print("[bold red]The data cannot be brought back.[/bold red]")
        confirm_by_name(notes, domain, json=json, instead=_SCRIPTS)
    elif given != domain:
        raise CommandError(f"The platform that is here is {domain}, not {given}: nothing was changed.")


def _tell_left(notes: Console, left: "Sequence[Remain]") -> None:
    if not left:
        return
    notes.print("These are left. `battleshiper aws destroy --data` deletes them, or by hand:")
    for remain in left:
        for command in remain.commands or (f"{remain.word} {remain.id}",):
            print_exactly(notes, f"  {command}")


def _json(remain: "Remain") -> dict[str, object]:
    return {"type": remain.type, "id": remain.id, "region": remain.region, "commands": remain.commands}
