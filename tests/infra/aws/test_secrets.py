"""Secrets that the stack or its operator makes."""

import pytest
from aws.secrets import PREFIX, secrets_client

from battleshiper.infra.aws.secret_names import SecretName
from battleshiper.infra.aws.secrets import read_secret
from battleshiper.platform.secrets.port import SecretsError
from battleshiper.platform.secrets.secrets_manager import SecretsManager


def test_a_secret_that_nobody_has_entered_is_named() -> None:
    """With what to do; nothing is made up in its place."""
    with secrets_client([SecretName.GITHUB_WEBHOOK_SECRET]) as client:
        secrets = SecretsManager(client, PREFIX)
        with pytest.raises(SecretsError, match=r"github-webhook-secret is empty\. Enter it"):
            read_secret(secrets, SecretName.GITHUB_WEBHOOK_SECRET)
        client.put_secret_value(SecretId=f"{PREFIX}github-webhook-secret", SecretString="entered")
        assert read_secret(secrets, SecretName.GITHUB_WEBHOOK_SECRET) == "entered"
