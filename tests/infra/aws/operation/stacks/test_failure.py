"""What an operator does about a failure."""

import pytest

from battleshiper.infra.aws.operation.stacks.failure import remedy_for, remedy_for_change_set
from battleshiper.infra.aws.operation.stacks.stack import Failure


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        ("battleshiper/operator-token already exists in stack arn:…", "destroy --data"),
        ("You can't create this secret because it is already scheduled for deletion.", "--force-delete"),
        ("Account-level service LIMIT exceeded", "Service Quotas"),
        ("User: arn:… is not authorized to perform: batch:CreateJobQueue", "execution role"),
        ("AccessDenied. User doesn't have permission", "execution role"),
        ("Role arn:… is invalid or cannot be assumed", "bootstrap"),
        ("The bucket you tried to delete is not empty", "Empty it"),
        ("Resource cannot be deleted as it has deletion protection enabled", "deletion protection"),
    ],
)
def test_by_reason(reason, says) -> None:
    """The reason decides, whatever the resource is and however AWS writes it."""
    assert says in remedy_for(Failure("It", "AWS::CloudFront::Distribution", reason))


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("AWS::CertificateManager::Certificate", "hosted zone"),
        ("AWS::CodeDeploy::DeploymentGroup", "/battleshiper/functions"),
        ("AWS::CloudFront::Distribution", "us-east-1"),
        ("AWS::SQS::Queue", "deploy again"),
    ],
)
def test_by_type(kind, says) -> None:
    """A reason that nobody knows leaves what is usual for the type, or that it is safe to try again."""
    assert says in remedy_for(Failure("It", kind, "Something unheard of"))


def test_change_sets() -> None:
    """A change set that is refused has changed nothing, and a known reason has its remedy there too."""
    assert "nothing was changed" in remedy_for_change_set("Unresolved resource dependencies [Bucket]")
    assert "bootstrap" in remedy_for_change_set("Role arn:… is invalid or cannot be assumed")
