"""Secrets in Secrets Manager, below a prefix. The stack makes them, most of them empty; values are put here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid4, uuid5

from botocore.exceptions import BotoCoreError, ClientError

from battleshiper.platform.aws.refusal import code_of, message_of
from battleshiper.platform.secrets.name import check_name
from battleshiper.platform.secrets.port import SecretChangedError, SecretsError

if TYPE_CHECKING:
    from types_boto3_secretsmanager.client import SecretsManagerClient

_ADVICE = {
    "AccessDeniedException": "This function's role lacks the right. Deploy the stack again.",
    "DecryptionFailure": "The key it is encrypted with cannot be used. See that it is enabled.",
    "InvalidRequestException": "It may be scheduled for deletion. Restore it in Secrets Manager.",
    "ResourceNotFoundException": "The stack makes it. Deploy the stack again.",
    "ThrottlingException": "It is tried again.",
}
_CURRENT = "AWSCURRENT"
_PREVIOUS = "AWSPREVIOUS"
_PENDING = "AWSPENDING"


@dataclass(frozen=True, slots=True)
class _Version:
    id: str
    value: str


class SecretsManager:
    """Each secret is `<prefix><name>`. Every call asks AWS: who asks often keeps what was said, for a while."""

    def __init__(self, client: "SecretsManagerClient", prefix: str) -> None:
        self._client = client
        self._prefix = prefix

    def get(self, name: str) -> str | None:
        """Return the secret, None where it has no value yet; raises SecretsError."""
        check_name(name)
        version = self._current(name)
        return version.value if version else None

    def previous(self, name: str) -> str | None:
        """Return the value before the one of now, None where there was none; raises SecretsError."""
        check_name(name)
        version = self._version(name, _PREVIOUS)
        return version.value if version else None

    def get_or_create(self, name: str, create: Callable[[], str]) -> str:
        """Return the secret; where there is no value yet, keep what `create` returns. Raises SecretsError."""
        value = self.get(name)
        if value is None:
            self._put_first(name, create())
            value = self.get(name)
        if not value:
            raise SecretsError(f"The secret {self._prefix}{name} is empty.")
        return value

    def replace(self, name: str, value: str, *, expected: str) -> None:
        """Keep a new value in place of `expected`; raises SecretChangedError, SecretsError.

        Secrets Manager puts a value whatever there is. But it takes the label of the current version from none but the
        version that is named (https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html),
        so the new one is put beside it and gets the label from the version that was read.
        """
        check_name(name)
        _check_not_empty(value)
        before = self._current(name)
        if before is None or before.value != expected:
            raise SecretChangedError(name)
        version = self._put_pending(name, value)
        try:
            self._client.update_secret_version_stage(
                SecretId=self._prefix + name,
                VersionStage=_CURRENT,
                MoveToVersionId=version,
                RemoveFromVersionId=before.id,
            )
        except (ClientError, BotoCoreError) as error:
            if not _is(error, "InvalidParameterException"):
                raise self._explained(name, error) from error
            now = self._current(name)
            # An answer may have been lost on the way, and the client has asked again.
            if now is None or now.id != version:
                raise SecretChangedError(name) from error

    def _current(self, name: str) -> _Version | None:
        return self._version(name, _CURRENT)

    def _version(self, name: str, stage: str) -> _Version | None:
        try:
            found = self._client.get_secret_value(SecretId=self._prefix + name, VersionStage=stage)
        except (ClientError, BotoCoreError) as error:
            if _is(error, "ResourceNotFoundException"):
                return None
            raise self._explained(name, error) from error
        # What was entered as bytes is no secret of ours, and an empty text is how a stack may leave it.
        value = found.get("SecretString")
        return _Version(found["VersionId"], value) if value else None

    def _put_pending(self, name: str, value: str) -> str:
        """Put a version beside the current one, and return its id. As soon as nothing names it, AWS removes it."""
        try:
            put = self._client.put_secret_value(
                SecretId=self._prefix + name,
                SecretString=value,
                VersionStages=[_PENDING],
                ClientRequestToken=str(uuid4()),
            )
        except (ClientError, BotoCoreError) as error:
            raise self._explained(name, error) from error
        return put["VersionId"]

    def _put_first(self, name: str, value: str) -> None:
        """Put the very first value. All who do it at once name the same version, which takes one value only
        (https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html)."""
        _check_not_empty(value)
        first = str(uuid5(NAMESPACE_URL, f"{self._prefix}{name}#first"))
        try:
            self._client.put_secret_value(SecretId=self._prefix + name, SecretString=value, ClientRequestToken=first)
        except (ClientError, BotoCoreError) as error:
            if _is(error, "ResourceExistsException"):
                return  # somebody else was faster
            raise self._explained(name, error) from error

    def _explained(self, name: str, error: ClientError | BotoCoreError) -> SecretsError:
        if not isinstance(error, ClientError):
            return SecretsError(f"Secrets Manager cannot be reached for {self._prefix}{name}: {error}")
        code = code_of(error)
        said = f"Secrets Manager refuses {error.operation_name} of {self._prefix}{name} ({code}): {message_of(error)}"
        return SecretsError(f"{said} {_ADVICE.get(code, '')}".rstrip())


def _check_not_empty(value: str) -> None:
    if not value:
        raise SecretsError("a secret must not be empty")


def _is(error: ClientError | BotoCoreError, code: str) -> bool:
    return isinstance(error, ClientError) and code_of(error) == code
