"""Takes stacks out of an account."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from battleshiper.infra.aws.operation.account import asking
from battleshiper.infra.aws.operation.stacks.failure import StackError
from battleshiper.infra.aws.operation.stacks.progress import Watch
from battleshiper.infra.aws.operation.stacks.states import Next, next_for
from battleshiper.infra.aws.operation.stacks.work import StackWork
from battleshiper.infra.aws.operation.teardown.erasure import Eraser
from battleshiper.infra.aws.operation.teardown.survey import StandingStack

if TYPE_CHECKING:
    from battleshiper.infra.aws.clients import Clients

_GONE = ("DELETE_COMPLETE",)


class Destruction:
    """Deletes stacks, but what CloudFormation is to keep."""

    def __init__(
        self, clients_in: "Callable[[str], Clients]", watch: Watch, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._clients_in = clients_in
        self._watch = watch
        self._pause = pause

    def delete(self, standing: StandingStack) -> None:
        """Delete a stack and wait until it is gone. Raises StackError where a resource cannot be deleted, and
        OperationError; may be called again then."""
        name, stack = standing.name, standing.stack
        cloudformation: Any = self._clients_in(standing.region).of("cloudformation")
        work = StackWork(cloudformation, self._watch, self._pause)
        if stack.status == "DELETE_IN_PROGRESS":
            work.wait(name, stack.id, None, _GONE)
            return
        if next_for(stack.status) is Next.FOLLOW:
            self._await_end(work, standing)
        eraser = Eraser(self._clients_in, self._pause)
        for bucket in standing.buckets:
            eraser.empty(bucket)
        with asking(f"delete the stack {name}"):
            since = work.start(stack.id, lambda: cloudformation.delete_stack(StackName=stack.id))
        work.wait(name, stack.id, since, _GONE, standing.size)

    def _await_end(self, work: StackWork, standing: StandingStack) -> None:
        """Wait for what goes on with the stack: CloudFormation does one thing after the other."""
        try:
            work.wait(standing.name, standing.stack.id, None, ("UPDATE_COMPLETE", "CREATE_COMPLETE"))
        except StackError:
            return  # it is to be deleted anyway
