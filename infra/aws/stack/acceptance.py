"""What a checker objects to and we do all the same, with the reason."""

from aws_cdk import Acknowledgment, Validations
from constructs import IConstruct


def accept(construct: IConstruct, rule: str, reason: str) -> None:
    """Let cdk-nag pass over `rule`, such as `AwsSolutions-S1`, at a construct and what is in it."""
    Validations.of(construct).acknowledge(Acknowledgment(id=rule, reason=reason))
