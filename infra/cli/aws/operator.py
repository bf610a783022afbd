"""The operator at a terminal: told of a deployment, and asked about it."""

from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from battleshiper.infra.cli.aws.changes import show_proposals
from battleshiper.infra.cli.aws.consent import Consent
from battleshiper.infra.cli.aws.progress import ProgressLines
from battleshiper.infra.cli.output import print_exactly

if TYPE_CHECKING:
    from battleshiper.infra.aws.operation.stacks.change_sets import Proposal


class Operator(ProgressLines):
    """Is told line by line; an answer to a question is the consent's matter."""

    def __init__(self, out: Console, consent: Consent) -> None:
        super().__init__(out)
        self._consent = consent

    def title(self, text: str) -> None:
        """Print what begins."""
        self._out.print(f"[bold]{escape(text)}[/bold]")

    def tell(self, line: str) -> None:
        """Print a line so that it can be copied."""
        print_exactly(self._out, f"  {line}")

    def approve(self, proposal: "Proposal") -> None:
        """Show what would be done; raises CommandError unless that is wanted."""
        show_proposals(self._out, [proposal])
        self._consent.require(proposal)
