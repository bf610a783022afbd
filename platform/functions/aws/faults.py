"""What Lambda refuses for good: because of the package, which is its owner's, or for the operator to mend."""

import json
from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import ClientError

from battleshiper.platform.aws.refusal import code_of, message_of, shortages
from battleshiper.platform.functions.archive import refusal
from battleshiper.platform.model.function import FunctionFailedError

_TOO_LARGE = "it is larger than Lambda takes: 50 MB packed. Load fewer packages in your server code."
_PACKAGE_FAULTS = ("unzipped size", "could not unzip", "zip file")
_QUOTAS = {
    "CodeStorageExceededException": "Ask for more `Function and layer storage` of Lambda in Service Quotas (75 GB at "
    "first), or delete projects: a deployment's code is kept as long as it can be shown again.",
    "AliasLimitExceededException": "One project has more deployments than Lambda has aliases for a function: delete "
    "old ones.",
    "InvalidParameterValueException": "The stack and this version of the platform do not fit: deploy the stack again.",
    "PolicyLengthExceededException": "Somebody has added to the function's policy: remove what is not the platform's.",
    "ServiceQuotaExceededException": "Ask for more in Service Quotas.",
}
_OURS = ("START RequestId", "END RequestId", "REPORT RequestId", "INIT_START", "INIT_REPORT")


@contextmanager
def told() -> Iterator[None]:
    """Raise FunctionFailedError for what is the package's fault, and ShortageError for what only the operator can
    change."""
    with shortages(_QUOTAS):
        try:
            yield
        except ClientError as error:
            if fault := _package_fault(error):
                raise refusal(fault) from error
            raise


def failure_of(answer: Mapping[str, Any]) -> FunctionFailedError:
    """Return what is told of an invocation that failed: the error and the function's last words."""
    try:
        error = json.loads(answer["Payload"].read())
        said = f"{error.get('errorType', 'Error')}: {error.get('errorMessage', '')}".strip()
    except (AttributeError, ValueError):
        said = str(answer["FunctionError"])
    log = b64decode(answer.get("LogResult", "")).decode(errors="replace")
    lines = [line for line in log.splitlines() if line.strip() and not line.startswith(_OURS)]
    return FunctionFailedError("\n".join([said, *lines]))


def _package_fault(error: ClientError) -> str | None:
    message = message_of(error)
    if code_of(error) in ("RequestEntityTooLargeException", "RequestTooLargeException"):
        return _TOO_LARGE
    if code_of(error) == "InvalidZipFileException":
        return message
    if code_of(error) == "InvalidParameterValueException" and any(word in message.lower() for word in _PACKAGE_FAULTS):
        return message
    return None
