"""What a stack consists of."""

from typing import TYPE_CHECKING

from battleshiper.infra.aws.operation.account import asking

if TYPE_CHECKING:
    from types_boto3_cloudformation.client import CloudFormationClient


def physical_ids(cloudformation: "CloudFormationClient", stack: str, kind: str) -> list[str]:
    """Return what the resources of one type are really called; raises OperationError."""
    with asking(f"list the resources of the stack {stack}"):
        return [
            each["PhysicalResourceId"]
            for page in cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
            for each in page["StackResourceSummaries"]
            if each["ResourceType"] == kind and each.get("PhysicalResourceId")
        ]
