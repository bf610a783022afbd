"""What CloudFormation knows of a stack that is in the account."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from battleshiper.infra.aws.operation.account import asking

if TYPE_CHECKING:
    from types_boto3_cloudformation.client import CloudFormationClient


@dataclass(frozen=True, slots=True)
class Failure:
    """A resource that CloudFormation could not make, change or delete."""

    resource: str
    type: str
    reason: str


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack as it is."""

    id: str
    """Its ARN."""
    status: str
    changed_at: datetime
    outputs: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        """Tell whether the last change of the stack succeeded."""
        return self.status in ("CREATE_COMPLETE", "UPDATE_COMPLETE")


def read_stack(cloudformation: "CloudFormationClient", name: str) -> Stack | None:
    """Return a stack, or None where there is none; raises OperationError."""
    with asking(f"look at the stack {name}"):
        try:
            found = cloudformation.describe_stacks(StackName=name)["Stacks"]
        except ClientError as error:
            # CloudFormation has no code of its own for it
            # (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html).
            if "does not exist" in str(error):
                return None
            raise
    stack: Any = next((each for each in found if each["StackStatus"] != "DELETE_COMPLETE"), None)
    if stack is None:
        return None
    outputs = {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", ())}
    return Stack(stack["StackId"], stack["StackStatus"], stack.get("LastUpdatedTime", stack["CreationTime"]), outputs)


def failures(cloudformation: "CloudFormationClient", name: str) -> Iterator[Failure]:
    """Yield what failed in the stack's last change, the first failure first: later ones are mostly its echo."""
    with asking(f"read the events of the stack {name}"):
        events: list[Any] = []
        for page in cloudformation.get_paginator("describe_stack_events").paginate(StackName=name):
            events += page["StackEvents"]
    found = []
    for event in events:
        is_stack = event.get("PhysicalResourceId") == event["StackId"]
        if is_stack and event["ResourceStatus"] in ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS"):
            break
        reason = event.get("ResourceStatusReason", "")
        if event["ResourceStatus"].endswith("_FAILED") and not is_stack and "cancelled" not in reason.lower():
            found.append(Failure(event["LogicalResourceId"], event["ResourceType"], reason))
    yield from reversed(found)
