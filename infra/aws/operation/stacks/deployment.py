"""Brings stacks to what their templates say."""

import json
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from battleshiper.infra.aws.operation.account import asking
from battleshiper.infra.aws.operation.error import OperationError
from battleshiper.infra.aws.operation.stacks.change_sets import ChangeSets, Proposal
from battleshiper.infra.aws.operation.stacks.changes import additions
from battleshiper.infra.aws.operation.stacks.manifest import PlannedStack
from battleshiper.infra.aws.operation.stacks.progress import Watch
from battleshiper.infra.aws.operation.stacks.stack import Stack, read_stack
from battleshiper.infra.aws.operation.stacks.states import Next, next_for
from battleshiper.infra.aws.operation.stacks.work import StackWork

if TYPE_CHECKING:
    from battleshiper.infra.aws.clients import Clients

_MOST_ATTEMPTS = 5
"""How often a stack is looked at again after something was done about the state it was in."""
_DEPLOYED = ("CREATE_COMPLETE", "UPDATE_COMPLETE")
_AT_REST = (*_DEPLOYED, "IMPORT_COMPLETE", "DELETE_COMPLETE")


class Deployment:
    """Deploys stacks in an account. Every method may be called again after a failure."""

    def __init__(
        self, clients_in: "Callable[[str], Clients]", watch: Watch, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._clients_in = clients_in
        self._watch = watch
        self._pause = pause

    def propose(self, stack: PlannedStack) -> Proposal:
        """Bring a stack into a state in which it can be changed, and make its change set; raises OperationError. The
        stacks that it needs have to be there: a change set may name what they told."""
        is_new = self._settle(stack)
        return self._change_sets(stack).propose(stack, is_new=is_new)

    def preview(self, stacks: Iterable[PlannedStack]) -> tuple[Proposal, ...]:
        """Return what would be done, and leave nothing behind; raises OperationError, also while a stack changes."""
        return tuple(map(self._preview, stacks))

    def execute(self, proposal: Proposal) -> None:
        """Do what is proposed and wait for it; raises StackError where CloudFormation fails, and OperationError."""
        if not proposal.does_something:
            return
        stack, work = proposal.stack, self._work(proposal.stack)
        since = work.start(proposal.stack_id, lambda: self._change_sets(stack).execute(proposal))
        work.wait(stack.name, proposal.stack_id, since, _DEPLOYED, len(proposal.changes))

    def discard(self, proposal: Proposal) -> None:
        """Delete a change set that nobody is going to execute; raises OperationError."""
        self._change_sets(proposal.stack).discard(proposal)

    def read(self, stack: PlannedStack) -> Stack | None:
        """Return a stack as it is; raises OperationError."""
        return read_stack(self._cloudformation(stack), stack.name)

    def _settle(self, stack: PlannedStack) -> bool:
        """Wait for what goes on, clear away what failed, and tell whether the stack is still to be made."""
        for _ in range(_MOST_ATTEMPTS):
            found = self.read(stack)
            todo = next_for(found.status if found else None)
            if found is None or todo is Next.CREATE:
                return True
            if todo is Next.UPDATE:
                return False
            self._bring_to_rest(stack, found, todo)
        raise OperationError(f"The stack {stack.name} does not come to rest.", "Does somebody else deploy it?")

    def _bring_to_rest(self, stack: PlannedStack, found: Stack, todo: Next) -> None:
        cloudformation, work = self._cloudformation(stack), self._work(stack)
        match todo:
            case Next.FOLLOW:
                work.wait(stack.name, found.id, None, _AT_REST)
            case Next.DELETE:
                with asking(f"delete the stack {stack.name}, which could not be made"):
                    since = work.start(found.id, lambda: cloudformation.delete_stack(StackName=found.id))
                work.wait(stack.name, found.id, since, _AT_REST)
            case Next.GO_BACK:
                role = {"StackName": found.id, "RoleARN": stack.role}
                with asking(f"bring the stack {stack.name} back to what it was"):
                    since = work.start(found.id, lambda: cloudformation.continue_update_rollback(**role))
                work.wait(stack.name, found.id, since, ("UPDATE_ROLLBACK_COMPLETE",))
            case _:
                raise OperationError(
                    f"The stack {stack.name} is half deleted ({found.status}).",
                    "Delete the rest of it with `battleshiper aws destroy`, then deploy again.",
                )

    def _preview(self, stack: PlannedStack) -> Proposal:
        found = self.read(stack)
        todo = next_for(found.status if found else None)
        if found is None or todo in (Next.CREATE, Next.DELETE):
            return Proposal(stack, additions(json.loads(stack.template.read_text())), is_new=True)
        if todo is not Next.UPDATE:
            remedy = "`battleshiper aws status` tells when that is over; `battleshiper aws deploy` waits for it."
            raise OperationError(f"The stack {stack.name} is {found.status}.", remedy)
        proposal = self._change_sets(stack).propose(stack, is_new=False)
        self.discard(proposal)
        return proposal

    def _cloudformation(self, stack: PlannedStack) -> Any:
        return self._clients_in(stack.region).of("cloudformation")

    def _change_sets(self, stack: PlannedStack) -> ChangeSets:
        return ChangeSets(self._cloudformation(stack), self._pause)

    def _work(self, stack: PlannedStack) -> StackWork:
        return StackWork(self._cloudformation(stack), self._watch, self._pause)
