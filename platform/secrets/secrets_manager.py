"""Secrets in Secrets Manager, below a prefix. The stack makes them, most of them empty; values are put here."""

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from botocore.exceptions import BotoCoreError, ClientError

from battleshiper.platform.aws.refusal import code_of, message_of
from battleshiper.platform.secrets.name import check_name
from battleshiper.platform.secrets.port import SecretsError

if TYPE_CHECKING:
    from types_boto3_secretsmanager.client import SecretsManagerClient

_ADVICE = {
    "AccessDeniedException": "This function's role lacks the right. Deploy the stack again.",
    "DecryptionFailure": "The key it is encrypted with cannot be used. See that it is enabled.",
    "InvalidRequestException": "It may be scheduled for deletion. Restore it in Secrets Manager.",
    "ResourceNotFoundException": "The stack makes it. Deploy the stack again.",
    "ThrottlingException": "It is tried again.",
}


class SecretsManager:
    """Each secret is `<prefix><name>`. Every call asks AWS: who asks often keeps what was said, for a while."""

    def __init__(self, client: "SecretsManagerClient", prefix: str) -> None:
        self._client = client
        self._prefix = prefix

    def get_or_create(self, name: str, create: Callable[[], str]) -> str:
        """Return the secret; where there is no value yet, keep what `create` returns. Raises SecretsError."""
        check_name(name)
        value = self._find(name)
        if value is None:
            self._put_first(name, create())
            value = self._find(name)
        if not value:
            raise SecretsError(f"The secret {self._prefix}{name} is empty.")
        return value

    def replace(self, name: str, value: str) -> None:
        """Keep a new value; raises SecretsError."""
        check_name(name)
        if not value:
            raise SecretsError("a secret must not be empty")
        try:
            self._client.put_secret_value(SecretId=self._prefix + name, SecretString=value)
        except (ClientError, BotoCoreError) as error:
            raise self._explained(name, error) from error

    def _find(self, name: str) -> str | None:
        try:
            return self._client.get_secret_value(SecretId=self._prefix + name).get("SecretString")
        except self._client.exceptions.ResourceNotFoundException:
            return None
        except (ClientError, BotoCoreError) as error:
            raise self._explained(name, error) from error

    def _put_first(self, name: str, value: str) -> None:
        """Put the very first value. All who do it at once name the same version, which takes one value only
        (https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html)."""
        if not value:
            raise SecretsError("a secret must not be empty")
        first = str(uuid5(NAMESPACE_URL, f"{self._prefix}{name}#first"))
        try:
            self._client.put_secret_value(SecretId=self._prefix + name, SecretString=value, ClientRequestToken=first)
        except self._client.exceptions.ResourceExistsException:
            return  # somebody else was faster
        except (ClientError, BotoCoreError) as error:
            raise self._explained(name, error) from error

    def _explained(self, name: str, error: ClientError | BotoCoreError) -> SecretsError:
        if not isinstance(error, ClientError):
            return SecretsError(f"Secrets Manager cannot be reached for {self._prefix}{name}: {error}")
        code = code_of(error)
        said = f"Secrets Manager refuses {error.operation_name} of {self._prefix}{name} ({code}): {message_of(error)}"
        return SecretsError(f"{said} {_ADVICE.get(code, '')}".rstrip())
