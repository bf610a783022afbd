"""What stays of a platform when its stacks are gone, and how it is deleted by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from battleshiper.infra.aws.stack.names import STACK
from battleshiper.infra.aws.variables import LOGS_PREFIX, SECRETS_PREFIX

TABLE = "AWS::DynamoDB::Table"
BUCKET = "AWS::S3::Bucket"
SECRET = "AWS::SecretsManager::Secret"  # noqa: S105 - a type
REPOSITORY = "AWS::ECR::Repository"
FUNCTION = "AWS::Lambda::Function"
LOG_GROUP = "AWS::Logs::LogGroup"

WORDS = {
    TABLE: "table",
    BUCKET: "bucket",
    SECRET: "secret",
    REPOSITORY: "image repository",
    FUNCTION: "site's function",
    LOG_GROUP: "log group",
}
"""What each is called."""

SITES_FUNCTIONS = "battleshiper-"
"""How the names of sites' functions begin, see `platform/functions/aws/reference.py`."""
SITES_ROLE = f"{STACK}-SiteRole"
"""How the name of their role begins. Another's function may be called like ours; it has not this role."""
LOG_GROUPS = (f"{LOGS_PREFIX}/", f"/aws/lambda/{STACK}-", f"/aws/lambda/{STACK}Certificates-")
"""How the names of our log groups begin: the stacks', and those that Lambda makes for the CDK's own functions."""
SECRETS = SECRETS_PREFIX

_KEPT = ("Retain", "RetainExceptOnCreate", "Snapshot")
_COMMANDS: Mapping[str, Sequence[str]] = {
    TABLE: (
        "aws dynamodb update-table --no-deletion-protection-enabled --table-name {id}",
        "aws dynamodb delete-table --table-name {id}",
    ),
    BUCKET: ("aws s3 rb --force s3://{id}",),
    SECRET: ("aws secretsmanager delete-secret --force-delete-without-recovery --secret-id {id}",),
    REPOSITORY: ("aws ecr delete-repository --force --repository-name {id}",),
    FUNCTION: ("aws lambda delete-function --function-name {id}",),
    LOG_GROUP: ("aws logs delete-log-group --log-group-name {id}",),
}


@dataclass(frozen=True, slots=True, order=True)
class Remain:
    """A resource that is in the account."""

    type: str
    id: str
    region: str

    @property
    def word(self) -> str:
        """What kind of thing it is."""
        return WORDS.get(self.type, self.type)

    @property
    def commands(self) -> tuple[str, ...]:
        """The AWS CLI's commands that delete it."""
        return tuple(f"{each.format(id=self.id)} --region {self.region}" for each in _COMMANDS.get(self.type, ()))


def kept_by(template: Mapping[str, Any]) -> frozenset[str]:
    """Return the logical ids of the resources that CloudFormation keeps when it deletes a stack
    (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html)."""
    resources = template["Resources"]
    return frozenset(name for name, each in resources.items() if each.get("DeletionPolicy") in _KEPT)
