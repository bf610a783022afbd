"""What CloudFormation could not do, and what an operator does about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from battleshiper.infra.aws.operation.error import OperationError

_BY_REASON = (
    ("already exists", "It is of an earlier platform: `battleshiper aws destroy --data` deletes what that has left."),
    ("already scheduled for deletion", "Restore the secret, or delete it at once: --force-delete-without-recovery."),
    ("limit", "A quota of the account is met: ask for more in Service Quotas, then deploy again."),
    ("quota", "A quota of the account is met: ask for more in Service Quotas, then deploy again."),
    ("is invalid or cannot be assumed", "The bootstrap's roles are not there: bootstrap the region again."),
    ("not authorized", "Let the CDK's execution role do that: bootstrap again with an administrator's credentials."),
    ("accessdenied", "Let the CDK's execution role do that: bootstrap again with an administrator's credentials."),
    ("deletion protection", "Take the table's deletion protection off if its data is to go."),
    ("not empty", "Empty it, then try again: `battleshiper aws destroy` does so with what it deletes."),
)
_BY_TYPE = {
    "AWS::CertificateManager::Certificate": "Is the hosted zone the one that the domain's registrar names?",
    "AWS::CodeDeploy::DeploymentGroup": "Its log group below /battleshiper/functions says which hook failed.",
    "AWS::CloudFront::Distribution": "Is the certificate in us-east-1, issued, and does it cover the domain?",
}
_CHANGE_SET = "Mend what it names, then try again; nothing was changed."
_OTHERWISE = "Mend what the reason names, then deploy again; CloudFormation has put back what was there before."
_UNKNOWN = "CloudFormation's console tells more: see the stack's events."


@dataclass(frozen=True, slots=True)
class Failure:
    """A resource that CloudFormation could not make, change or delete."""

    resource: str
    type: str
    reason: str


class StackError(OperationError):
    """CloudFormation could not do it. `failures` has the first one first, which is mostly the cause of the others."""

    def __init__(self, name: str, status: str, failures: Sequence[Failure]) -> None:
        self.status = status
        self.failures = tuple(failures)
        told = [f"{each.resource} ({each.type}): {each.reason}" for each in failures]
        message = "\n  ".join((f"The stack {name} is {status}.", *told))
        super().__init__(message, remedy_for(failures[0]) if failures else _UNKNOWN)


def remedy_for(failure: Failure) -> str:
    """Return one sentence or two: what to do about it."""
    return _by_reason(failure.reason) or _BY_TYPE.get(failure.type, _OTHERWISE)


def remedy_for_change_set(reason: str) -> str:
    """Return what to do about a change set that CloudFormation refuses."""
    return _by_reason(reason) or _CHANGE_SET


def _by_reason(reason: str) -> str:
    return next((remedy for part, remedy in _BY_REASON if part in reason.lower()), "")
