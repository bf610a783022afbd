"""The platform's secrets, for its functions."""

from typing import Any

from battleshiper.infra.aws.secret_names import SecretName
from battleshiper.infra.aws.surroundings import Surroundings
from battleshiper.infra.aws.variables import Variable
from battleshiper.platform.secrets.port import Secrets, SecretsError
from battleshiper.platform.secrets.secrets_manager import SecretsManager


def open_secrets(client: Any, surroundings: Surroundings) -> SecretsManager:
    """Return the platform's secrets, with a client of Secrets Manager; nothing is read yet."""
    return SecretsManager(client, surroundings[Variable.SECRETS_PREFIX])


def read_secret(secrets: Secrets, name: SecretName) -> str:
    """Return a secret that the stack or its operator makes; raises SecretsError."""
    value = secrets.get(name.value)
    if value is None:
        raise SecretsError(
            f"The secret {name.value} is empty. Enter it in Secrets Manager: docs/aws.md says where it comes from."
        )
    return value
