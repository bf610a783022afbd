"""What AWS refuses, and who can do something about it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from botocore.exceptions import ClientError

from battleshiper.platform.model.shortage import ShortageError

_FORBIDDEN = frozenset({"AccessDenied", "AccessDeniedException"})
_FOR_OWNER = "This is not your site's fault: {}. Its operator finds in the platform's log what to do. Redeploy then."


def code_of(error: ClientError) -> str:
    """Return AWS's name for an error, such as `AccessDenied`."""
    return str(error.response.get("Error", {}).get("Code", ""))


def message_of(error: ClientError) -> str:
    """Return AWS's words for an error."""
    return str(error.response.get("Error", {}).get("Message", ""))


@contextmanager
def shortages(quotas: Mapping[str, str]) -> Iterator[None]:
    """Raise ShortageError where AWS says that a right is missing, or an error named in `quotas`, whose value there says
    what its operator can do."""
    try:
        yield
    except ClientError as error:
        code = code_of(error)
        said = f"AWS refuses {error.operation_name} ({code}): {message_of(error)}"
        if code in _FORBIDDEN:
            advice = "Deploy the stack again; if that does not help, a policy above the account denies it."
            raise ShortageError(f"{said} {advice}", _FOR_OWNER.format("the platform lacks a right")) from error
        if code in quotas:
            raise ShortageError(f"{said} {quotas[code]}", _FOR_OWNER.format("the platform has no room left")) from error
        raise
