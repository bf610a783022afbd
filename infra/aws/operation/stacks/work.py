"""Waiting for what CloudFormation does to a stack."""

import time
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from battleshiper.infra.aws.operation.stacks.events import Follower
from battleshiper.infra.aws.operation.stacks.failure import StackError
from battleshiper.infra.aws.operation.stacks.progress import Watch
from battleshiper.infra.aws.operation.stacks.stack import failures

if TYPE_CHECKING:
    from types_boto3_cloudformation.client import CloudFormationClient


class StackWork:
    """Follows the changes of a region's stacks, and tells a watch about them."""

    def __init__(
        self, cloudformation: "CloudFormationClient", watch: Watch, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._cloudformation = cloudformation
        self._watch = watch
        self._follower = Follower(cloudformation, pause)

    def start(self, stack_id: str, begin: Callable[[], object]) -> str:
        """Let a change begin, and return what to wait `since`; raises what `begin` raises."""
        since = self._follower.newest(stack_id)
        begin()
        return since

    def wait(self, name: str, stack_id: str, since: str | None, wanted: Collection[str], total: int = 0) -> None:
        """Wait for the end of the change that began after `since`, or of the one that goes on without it. Raises
        StackError where the stack does not end in a status that is wanted, and OperationError."""
        self._watch.begin(name, total)
        status = "unknown"
        try:
            for event in self._follower.follow(stack_id, since):
                self._watch.see(event)
                status = event.status
        finally:
            self._watch.end()
        if status not in wanted:
            raise StackError(name, status, list(failures(self._cloudformation, stack_id)))
