"""What a checker objects to and we do all the same, with the reason."""

from collections.abc import Mapping

from aws_cdk import Acknowledgment, Stack, Validations
from constructs import Construct, IConstruct


def accept(construct: IConstruct, rule: str, reason: str) -> None:
    """Let cdk-nag pass over `rule`, such as `AwsSolutions-S1`, at a construct and what is in it."""
    Validations.of(construct).acknowledge(Acknowledgment(id=rule, reason=reason))


def accept_wildcard(role: Construct, arn: str, reason: str) -> None:
    """Let cdk-nag pass over a role's right at an ARN with a wildcard."""
    accept(role, f"AwsSolutions-IAM5[Resource::{_as_checked(role, arn)}]", reason)


def _as_checked(construct: Construct, arn: str) -> str:
    """Return an ARN as cdk-nag quotes it, where a reference stands as `<Logical.Attribute>`."""
    resolved = Stack.of(construct).resolve(arn)
    if isinstance(resolved, str):
        return resolved
    return "".join(_part(part) for part in resolved["Fn::Join"][1])


def _part(part: str | Mapping[str, object]) -> str:
    if isinstance(part, str):
        return part
    ((_, value),) = part.items()
    return f"<{value if isinstance(value, str) else '.'.join(map(str, value))}>"  # type: ignore[call-overload]
