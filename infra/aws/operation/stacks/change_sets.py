"""CloudFormation's change sets: what would be done, before it is done."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from botocore.exceptions import ClientError

from battleshiper.infra.aws.operation.account import asking
from battleshiper.infra.aws.operation.error import OperationError
from battleshiper.infra.aws.operation.stacks.changes import ResourceChange, read_change
from battleshiper.infra.aws.operation.stacks.failure import remedy_for_change_set
from battleshiper.infra.aws.operation.stacks.manifest import PlannedStack

if TYPE_CHECKING:
    from types_boto3_cloudformation.client import CloudFormationClient

_SECONDS = 2.0
_CAPABILITIES: Any = ("CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND")
_NOTHING = ("didn't contain changes", "No updates are to be performed")
_EARLY_VALIDATION = "EarlyValidation"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change set that waits, or none where nothing would change."""

    stack: PlannedStack
    changes: tuple[ResourceChange, ...] = ()
    change_set: str = ""
    """Its ARN; empty where there is nothing to do."""
    stack_id: str = ""
    is_new: bool = False

    @property
    def does_something(self) -> bool:
        """Tell whether there is anything to do; outputs may change where no resource does."""
        return bool(self.change_set)


class ChangeSets:
    """Makes, executes and discards the change sets of a region."""

    def __init__(self, cloudformation: "CloudFormationClient", pause: Callable[[float], None] = time.sleep) -> None:
        self._cloudformation = cloudformation
        self._pause = pause

    def propose(self, stack: PlannedStack, *, is_new: bool) -> Proposal:
        """Make a change set and wait for it; raises OperationError where CloudFormation refuses the template."""
        arguments: Any = {"OnStackFailure": "ROLLBACK"} if is_new else {}
        with asking(f"make a change set for {stack.name}"):
            made = self._cloudformation.create_change_set(
                StackName=stack.name,
                ChangeSetName=f"battleshiper-{uuid4().hex}",
                ChangeSetType="CREATE" if is_new else "UPDATE",
                Description="battleshiper aws",
                TemplateURL=stack.template_url,
                Capabilities=_CAPABILITIES,
                RoleARN=stack.role,
                Tags=[{"Key": key, "Value": value} for key, value in sorted(stack.tags.items())],
                **arguments,
            )
            proposal = Proposal(stack, (), made["Id"], made["StackId"], is_new)
            described = self._wait(proposal)
        if described["Status"] != "FAILED":
            return Proposal(stack, self._changes(proposal), made["Id"], made["StackId"], is_new)
        reason = described.get("StatusReason", "")
        faults = self._early_faults(made["Id"]) if _EARLY_VALIDATION in reason else ()
        self.discard(proposal)
        if any(each in reason for each in _NOTHING):
            return Proposal(stack, stack_id=made["StackId"])
        message = "\n  ".join((f"CloudFormation refuses the change set of {stack.name}: {reason}", *faults))
        raise OperationError(message, remedy_for_change_set(message))

    def execute(self, proposal: Proposal) -> None:
        """Let CloudFormation begin; raises OperationError."""
        with asking(f"execute the change set of {proposal.stack.name}"):
            self._cloudformation.execute_change_set(ChangeSetName=proposal.change_set)

    def discard(self, proposal: Proposal) -> None:
        """Delete a change set, and the empty stack that it was made for; again does nothing. Raises OperationError."""
        if not proposal.change_set:
            return
        with asking(f"discard the change set of {proposal.stack.name}"):
            try:
                self._cloudformation.delete_change_set(ChangeSetName=proposal.change_set)
                if proposal.is_new:
                    self._delete_if_empty(proposal.stack_id)
            except ClientError as error:
                if "does not exist" not in str(error) and "ChangeSetNotFound" not in str(error):
                    raise

    def _delete_if_empty(self, stack_id: str) -> None:
        (stack,) = self._cloudformation.describe_stacks(StackName=stack_id)["Stacks"]
        if stack["StackStatus"] == "REVIEW_IN_PROGRESS":
            self._cloudformation.delete_stack(StackName=stack_id)

    def _wait(self, proposal: Proposal) -> Mapping[str, Any]:
        while True:
            described = self._cloudformation.describe_change_set(ChangeSetName=proposal.change_set)
            if described["Status"] not in ("CREATE_PENDING", "CREATE_IN_PROGRESS"):
                return described
            self._pause(_SECONDS)

    def _changes(self, proposal: Proposal) -> tuple[ResourceChange, ...]:
        with asking(f"read the change set of {proposal.stack.name}"):
            pages = self._cloudformation.get_paginator("describe_change_set").paginate(
                ChangeSetName=proposal.change_set
            )
            found: list[Any] = [each["ResourceChange"] for page in pages for each in page["Changes"]]
        return tuple(map(read_change, found))

    def _early_faults(self, change_set: str) -> tuple[str, ...]:
        """Return what CloudFormation found wrong before it began, which is told by its events alone
        (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/validate-stack-deployments.html)."""
        with asking("read what is wrong with the change set"):
            pages = self._cloudformation.get_paginator("describe_events").paginate(
                ChangeSetName=change_set, Filters={"FailedEvents": True}
            )
            events: list[Any] = [event for page in pages for event in page["OperationEvents"]]
        return tuple(
            f"{event.get('LogicalResourceId', 'The template')}: {event['ValidationStatusReason']}"
            for event in events
            if event.get("ValidationStatusReason")
        )
