"""Roles that AWS's services take on, each with no more than a list of actions on named resources."""

from collections.abc import Sequence

from aws_cdk import aws_iam as iam
from constructs import Construct


def service_role(scope: Construct, id: str, service: str, description: str) -> iam.Role:
    """Make a role for `<service>.amazonaws.com` that may do nothing yet."""
    principal = iam.ServicePrincipal(f"{service}.amazonaws.com")
    return iam.Role(scope, id, assumed_by=principal, description=description)


def allow(role: iam.Role, actions: Sequence[str], *resources: str) -> None:
    """Let a role do something."""
    role.add_to_policy(iam.PolicyStatement(actions=list(actions), resources=list(resources)))
