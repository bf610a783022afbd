"""What CloudFormation knows of a stack that is in the account."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from battleshiper.infra.aws.operation.account import asking
from battleshiper.infra.aws.operation.stacks.events import newest_first
from battleshiper.infra.aws.operation.stacks.failure import Failure

if TYPE_CHECKING:
    from types_boto3_cloudformation.client import CloudFormationClient


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
    """Yield what failed in the last change of a stack, by its name or ARN; the first failure first, as later ones are
    mostly its echo."""
    found = []
    for event in newest_first(cloudformation, name):
        if event.is_start:
            break
        if event.status.endswith("_FAILED") and not event.is_of_stack and "cancelled" not in event.reason.lower():
            found.append(Failure(event.resource, event.type, event.reason))
    yield from reversed(found)


def physical_ids(cloudformation: "CloudFormationClient", stack: str, kind: str) -> list[str]:
    """Return what the resources of one type are really called; raises OperationError."""
    with asking(f"list the resources of the stack {stack}"):
        return [
            each["PhysicalResourceId"]
            for page in cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
            for each in page["StackResourceSummaries"]
            if each["ResourceType"] == kind and each.get("PhysicalResourceId")
        ]
