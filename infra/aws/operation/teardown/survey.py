"""What there is of a platform in an account, for those who want it gone."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from battleshiper.infra.aws.operation.account import asking
from battleshiper.infra.aws.operation.stacks.events import newest_first
from battleshiper.infra.aws.operation.stacks.stack import Stack, read_stack
from battleshiper.infra.aws.operation.teardown.presence import LASTING, is_there
from battleshiper.infra.aws.operation.teardown.remains import (
    BUCKET,
    FUNCTION,
    LOG_GROUP,
    LOG_GROUPS,
    SECRET,
    SECRETS,
    SITES_FUNCTIONS,
    SITES_ROLE,
    Remain,
    kept_by,
)
from battleshiper.infra.aws.stack.names import CERTIFICATES_REGION, CERTIFICATES_STACK, STACK

if TYPE_CHECKING:
    from battleshiper.infra.aws.clients import Clients


@dataclass(frozen=True, slots=True)
class StandingStack:
    """A stack, with what goes and what stays when it is deleted."""

    name: str
    region: str
    stack: Stack
    goes: tuple[Remain, ...]
    stays: tuple[Remain, ...]
    """Without the secrets, which `remains` has in any case."""
    size: int
    """How many resources it has."""

    @property
    def buckets(self) -> tuple[Remain, ...]:
        """The buckets that go: CloudFormation deletes empty ones alone."""
        return tuple(each for each in self.goes if each.type == BUCKET)


class Surveyor:
    """Looks around in an account, and changes nothing. Every method raises OperationError."""

    def __init__(self, clients_in: "Callable[[str], Clients]", region: str) -> None:
        self._clients_in = clients_in
        self._region = region
        self._regions = tuple(dict.fromkeys((region, CERTIFICATES_REGION)))

    def stacks(self) -> tuple[StandingStack, ...]:
        """Return the stacks in the order in which they have to be deleted."""
        places = ((STACK, self._region), (CERTIFICATES_STACK, CERTIFICATES_REGION))
        found = (self._standing(name, region) for name, region in places)
        return tuple(each for each in found if each is not None)

    def remains(self) -> tuple[Remain, ...]:
        """Return what earlier deployments left, and what no stack has ever had: it would stay in any case."""
        return tuple(sorted({*self._skipped(), *self._secrets(), *self._functions()}))

    def log_groups(self) -> tuple[Remain, ...]:
        """Return the log groups that are there."""
        return tuple(each for region in self._regions for each in self._log_groups(region))

    def _standing(self, name: str, region: str) -> StandingStack | None:
        cloudformation = self._clients_in(region).of("cloudformation")
        stack = read_stack(cloudformation, name)
        if stack is None:
            return None
        with asking(f"read what is in the stack {name}"):
            pages = list(cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack.id))
            template = cloudformation.get_template(StackName=stack.id)["TemplateBody"]
        kept = kept_by(json.loads(template) if isinstance(template, str) else template)
        size = 0
        goes: list[Remain] = []
        stays: list[Remain] = []
        for each in (each for page in pages for each in page["StackResourceSummaries"]):
            if each["ResourceStatus"] == "DELETE_COMPLETE" or not each.get("PhysicalResourceId"):
                continue
            size += 1
            if each["ResourceType"] == SECRET:
                continue
            remain = Remain(each["ResourceType"], each["PhysicalResourceId"], region)
            (stays if each["LogicalResourceId"] in kept else goes).append(remain)
        return StandingStack(name, region, stack, tuple(goes), tuple(stays), size)

    def _skipped(self) -> Iterator[Remain]:
        """Yield what deleted stacks have kept. CloudFormation remembers them for 90 days
        (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStacks.html)."""
        cloudformation = self._clients_in(self._region).of("cloudformation")
        with asking("list the stacks that were deleted"):
            pages = list(cloudformation.get_paginator("list_stacks").paginate(StackStatusFilter=["DELETE_COMPLETE"]))
        deleted = [each["StackId"] for page in pages for each in page["StackSummaries"] if each["StackName"] == STACK]
        for stack_id in deleted:
            for event in newest_first(cloudformation, stack_id):
                remain = Remain(event.type, event.physical_id, self._region)
                if event.status == "DELETE_SKIPPED" and event.type in LASTING and is_there(remain, self._clients_in):
                    yield remain

    def _secrets(self) -> Iterator[Remain]:
        secrets = self._clients_in(self._region).of("secretsmanager")
        with asking("list the secrets"):
            pages = list(secrets.get_paginator("list_secrets").paginate(Filters=[{"Key": "name", "Values": [SECRETS]}]))
        for each in (each for page in pages for each in page["SecretList"]):
            if each["Name"].startswith(SECRETS):
                yield Remain(SECRET, each["ARN"], self._region)

    def _functions(self) -> Iterator[Remain]:
        functions = self._clients_in(self._region).of("lambda")
        with asking("list the functions"):
            pages = list(functions.get_paginator("list_functions").paginate())
        for each in (each for page in pages for each in page["Functions"]):
            role = each["Role"].rsplit("/", 1)[-1]
            if each["FunctionName"].startswith(SITES_FUNCTIONS) and role.startswith(SITES_ROLE):
                yield Remain(FUNCTION, each["FunctionName"], self._region)

    def _log_groups(self, region: str) -> Iterator[Remain]:
        logs = self._clients_in(region).of("logs")
        for prefix in LOG_GROUPS:
            with asking(f"list the log groups in {region}"):
                pages = list(logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=prefix))
            yield from (Remain(LOG_GROUP, each["logGroupName"], region) for page in pages for each in page["logGroups"])
