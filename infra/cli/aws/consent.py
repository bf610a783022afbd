"""Whether the operator wants what a deployment is going to do."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from battleshiper.infra.cli.aws.changes import danger_of
from battleshiper.infra.cli.failure import CommandError

if TYPE_CHECKING:
    from battleshiper.infra.aws.operation.stacks.change_sets import Proposal


class Consent:
    """Asks once for what is there, and for what is new only if nobody has agreed to anything yet: the operator shall
    not have to wait for the next question. No answer is a consent to the loss of data."""

    def __init__(self, ask: Callable[[str], None], *, given: bool, replace_data: bool) -> None:
        self._ask = ask
        self._given = given
        self._replace_data = replace_data
        self._agreed = given

    def require(self, proposal: "Proposal") -> None:
        """Return if it may be done, and raise CommandError if not."""
        dangers = [danger_of(change) for change in proposal.changes if change.endangers_data]
        if dangers and not self._replace_data:
            lost = "\n  ".join(dangers)
            raise CommandError(f"Data is in danger.\n  {lost}", "If you want that, deploy with --replace-data.")
        if not proposal.does_something or self._given or (self._agreed and proposal.is_new):
            return
        self._ask(f"Deploy {proposal.stack.name}?")
        self._agreed = True
