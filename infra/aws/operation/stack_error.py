"""A stack that did not come to what was wanted."""

from collections.abc import Sequence

from battleshiper.infra.aws.operation.error import OperationError
from battleshiper.infra.aws.operation.remedies import remedy_for
from battleshiper.infra.aws.operation.stack import Failure

_UNKNOWN = "CloudFormation's console tells more: see the stack's events."


class StackError(OperationError):
    """CloudFormation could not do it. `failures` has the first one first, which is mostly the cause of the others."""

    def __init__(self, name: str, status: str, failures: Sequence[Failure]) -> None:
        self.status = status
        self.failures = tuple(failures)
        told = [f"{each.resource} ({each.type}): {each.reason}" for each in failures]
        message = "\n  ".join((f"The stack {name} is {status}.", *told))
        super().__init__(message, remedy_for(failures[0]) if failures else _UNKNOWN)
