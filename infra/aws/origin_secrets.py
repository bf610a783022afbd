"""What CloudFront tells our functions, so that they answer nobody else."""

from battleshiper.infra.aws.secret_names import SecretName
from battleshiper.infra.aws.secrets import read_secret
from battleshiper.platform.secrets.secrets_manager import SecretsManager


def read_origin_secrets(secrets: SecretsManager) -> tuple[str, ...]:
    """Return what CloudFront may send: the secret of now and the one before, as changing every copy at CloudFront
    takes minutes. Raises SecretsError."""
    # In this order: when it is changed in between, the one that CloudFront still sends must not be missed.
    current = read_secret(secrets, SecretName.ORIGIN_SECRET)
    previous = secrets.previous(SecretName.ORIGIN_SECRET.value)
    return (current, previous) if previous else (current,)
