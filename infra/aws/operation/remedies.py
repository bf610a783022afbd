"""What an operator does about a resource that CloudFormation could not make."""

from battleshiper.infra.aws.operation.stack import Failure

_BY_REASON = (
    ("already exists", "Something of an earlier platform is there: remove it, or import it into the stack."),
    ("limit", "A quota of the account is met: ask for more in Service Quotas, then deploy again."),
    ("quota", "A quota of the account is met: ask for more in Service Quotas, then deploy again."),
    ("not authorized", "Let the CDK's execution role do that: bootstrap again with an administrator's credentials."),
    ("accessdenied", "Let the CDK's execution role do that: bootstrap again with an administrator's credentials."),
    ("deletion protection", "Take the table's deletion protection off if its data is to go."),
    ("not empty", "Empty the bucket, then try again."),
)
_BY_TYPE = {
    "AWS::CertificateManager::Certificate": "Is the hosted zone the one that the domain's registrar names?",
    "AWS::CodeDeploy::DeploymentGroup": "Its log group below /battleshiper/functions says which hook failed.",
    "AWS::CloudFront::Distribution": "Is the certificate in us-east-1, issued, and does it cover the domain?",
}
_OTHERWISE = "Mend what the reason names, then deploy again; CloudFormation has put back what was there before."


def remedy_for(failure: Failure) -> str:
    """Return one sentence or two: what to do about it."""
    reason = failure.reason.lower()
    for part, remedy in _BY_REASON:
        if part in reason:
            return remedy
    return _BY_TYPE.get(failure.type, _OTHERWISE)
