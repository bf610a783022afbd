"""The token of the operator's commands, in Secrets Manager."""

from secrets import token_urlsafe
from typing import TYPE_CHECKING

from battleshiper.infra.aws.operation.account import asking

if TYPE_CHECKING:
    from types_boto3_secretsmanager.client import SecretsManagerClient

_BYTES = 36


class OperatorToken:
    """Reads it and changes it."""

    def __init__(self, secrets: "SecretsManagerClient", secret_id: str) -> None:
        self._secrets = secrets
        self._secret_id = secret_id

    def read(self) -> str:
        """Return it; raises OperationError."""
        with asking("read the operator's token"):
            return self._secrets.get_secret_value(SecretId=self._secret_id)["SecretString"].strip()

    def change(self) -> None:
        """Put a new one. Each function goes on with the old one until it reads the new one, for five minutes at most;
        nobody needs it but the operator. Raises OperationError."""
        with asking("put a new operator's token"):
            self._secrets.put_secret_value(SecretId=self._secret_id, SecretString=token_urlsafe(_BYTES))
