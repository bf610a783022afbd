"""The stacks of a cloud assembly, deployed one after the other."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from battleshiper.infra.aws.operation.account import Account
from battleshiper.infra.aws.operation.error import OperationError
from battleshiper.infra.aws.operation.stacks.change_sets import Proposal
from battleshiper.infra.aws.operation.stacks.deployment import Deployment
from battleshiper.infra.aws.operation.stacks.manifest import PlannedStack
from battleshiper.infra.aws.operation.stacks.progress import Watch
from battleshiper.infra.aws.operation.stacks.publishing import Publisher

if TYPE_CHECKING:
    from battleshiper.infra.aws.clients import Clients


class Audience(Watch, Protocol):
    """Who is told of a deployment, and asked about it."""

    def title(self, text: str) -> None:
        """Something new begins."""
        ...

    def tell(self, line: str) -> None:
        """A line about it, which may have to be copied as it is."""
        ...

    def approve(self, proposal: Proposal) -> None:
        """Return if it may be done; raise anything if not."""
        ...


class Outputs(dict[str, str]):
    """What stacks tell, by name."""

    def __missing__(self, name: str) -> str:
        remedy = "Were the templates made by another version? Deploy without --assembly, or make them again."
        raise OperationError(f"The stack does not tell {name}.", remedy)


@dataclass(frozen=True, slots=True)
class Deployed:
    """What was done to each stack, and what all of them tell."""

    proposals: tuple[Proposal, ...]
    outputs: Outputs


class StackSeries:
    """Deploys them. May be called again after any failure."""

    def __init__(
        self,
        clients_in: "Callable[[str], Clients]",
        account: Account,
        audience: Audience,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._publisher = Publisher(clients_in, account)
        self._audience = audience
        self._deployment = Deployment(clients_in, audience, pause)

    def deploy(self, stacks: Sequence[PlannedStack]) -> Deployed:
        """Upload what the stacks need, then bring each to what its template says, once that is approved. Raises
        OperationError, StackError where CloudFormation fails, and what the audience raises."""
        published = self._publisher.publish(asset for stack in stacks for asset in stack.assets)
        self._audience.tell(f"Uploaded {published.uploaded} files; {published.there} were there.")
        proposals = tuple(map(self._deploy, stacks))
        found = [stack for stack in map(self._deployment.read, stacks) if stack]
        return Deployed(proposals, Outputs({name: value for each in found for name, value in each.outputs.items()}))

    def _deploy(self, stack: PlannedStack) -> Proposal:
        proposal = self._deployment.propose(stack)
        try:
            self._audience.approve(proposal)
        except BaseException:
            # What went wrong matters more than what is left behind, which the next deployment takes up.
            with suppress(OperationError):
                self._deployment.discard(proposal)
            raise
        self._deployment.execute(proposal)
        return proposal
