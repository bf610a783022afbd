"""What a deployment would do to a stack's resources, as CloudFormation says it
(https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

_DATA = frozenset(
    {
        "AWS::CloudFront::KeyValueStore",
        "AWS::DynamoDB::Table",
        "AWS::ECR::Repository",
        "AWS::S3::Bucket",
        "AWS::SecretsManager::Secret",
    }
)
_SECURITY = frozenset(
    {
        "AWS::CloudFront::OriginAccessControl",
        "AWS::EC2::SecurityGroup",
        "AWS::EC2::SecurityGroupEgress",
        "AWS::EC2::SecurityGroupIngress",
        "AWS::EC2::VPCEndpoint",
        "AWS::Events::EventBusPolicy",
        "AWS::Lambda::Permission",
        "AWS::Lambda::Url",
        "AWS::S3::BucketPolicy",
        "AWS::SNS::TopicPolicy",
        "AWS::SQS::QueuePolicy",
        "AWS::SecretsManager::ResourcePolicy",
    }
)
_SECURITY_PROPERTIES = frozenset(
    {
        "AssumeRolePolicyDocument",
        "KeyPolicy",
        "ManagedPolicyArns",
        "Policies",
        "PolicyDocument",
        "PublicAccessBlockConfiguration",
        "RepositoryPolicyText",
        "Role",
        "SecurityGroupIds",
    }
)

_STAYS = {"Retain": True, "ReplaceAndRetain": True, "Delete": False, "ReplaceAndDelete": False}


class Effect(StrEnum):
    """What happens to a resource."""

    ADDED = "added"
    CHANGED = "changed"
    REPLACED = "replaced"
    """A new one is made in its place."""
    MAY_BE_REPLACED = "may be replaced"
    """CloudFormation knows only when it does it."""
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class ResourceChange:
    """What happens to one resource, and through which of its properties."""

    resource: str
    type: str
    effect: Effect
    properties: tuple[str, ...] = ()
    stays: bool | None = None
    """Whether what is removed or replaced stays in the account, out of the stack's sight; None where CloudFormation
    does not say."""

    @property
    def endangers_data(self) -> bool:
        """Tell whether the platform might lose what the resource holds."""
        return self.type in _DATA and self.effect not in (Effect.ADDED, Effect.CHANGED)

    @property
    def concerns_security(self) -> bool:
        """Tell whether it is about who may do what."""
        is_about_access = self.type.startswith("AWS::IAM::") or self.type in _SECURITY
        return is_about_access or not _SECURITY_PROPERTIES.isdisjoint(self.properties)


def read_change(change: Mapping[str, Any]) -> ResourceChange:
    """Return one `ResourceChange` of DescribeChangeSet in our words."""
    targets = [each["Target"] for each in change.get("Details", ())]
    named = (each.get("Name") or each.get("Attribute", "") for each in targets)
    return ResourceChange(
        resource=change["LogicalResourceId"],
        type=change["ResourceType"],
        effect=_effect_of(change),
        properties=tuple(dict.fromkeys(filter(None, named))),
        stays=_STAYS.get(change.get("PolicyAction", "")),
    )


def additions(template: Mapping[str, Any]) -> tuple[ResourceChange, ...]:
    """Return what a template does where there is no stack: it adds everything."""
    resources = template["Resources"]
    return tuple(ResourceChange(name, each["Type"], Effect.ADDED) for name, each in resources.items())


def _effect_of(change: Mapping[str, Any]) -> Effect:
    match change["Action"]:
        case "Add" | "Import":
            return Effect.ADDED
        case "Remove":
            return Effect.REMOVED
        case "Dynamic":
            return Effect.MAY_BE_REPLACED
    match change.get("Replacement"):
        case "True":
            return Effect.REPLACED
        case "Conditional":
            return Effect.MAY_BE_REPLACED
    return Effect.CHANGED
