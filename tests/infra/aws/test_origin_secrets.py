"""What CloudFront tells our functions, while it is changed."""

import pytest
from aws.secrets import PREFIX, secrets_client

from battleshiper.infra.aws.origin_secrets import read_origin_secrets
from battleshiper.platform.secrets.port import SecretsError
from battleshiper.platform.secrets.secrets_manager import SecretsManager

ID = f"{PREFIX}origin-secret"


@pytest.fixture
def client():
    """Secrets Manager with an empty origin secret."""
    with secrets_client(["origin-secret"]) as client:
        yield client


def test_the_origin_secret_of_now_and_the_one_before(client) -> None:
    """CloudFront goes on sending the old one for minutes; an older one is over."""
    secrets = SecretsManager(client, PREFIX)
    found = []
    for value in ("first", "second", "third"):
        client.put_secret_value(SecretId=ID, SecretString=value)
        found.append(read_origin_secrets(secrets))
    assert found == [("first",), ("second", "first"), ("third", "second")]


def test_a_change_while_it_is_read(client) -> None:
    """What CloudFront still sends is taken, whenever the change comes."""
    secrets = SecretsManager(client, PREFIX)
    client.put_secret_value(SecretId=ID, SecretString="first")
    changes = iter(["second"])

    def change(**_) -> None:
        if value := next(changes, None):
            client.put_secret_value(SecretId=ID, SecretString=value)

    client.meta.events.register("after-call.secretsmanager.GetSecretValue", change)
    assert "first" in read_origin_secrets(secrets)


def test_an_empty_one_lets_nobody_in(client) -> None:
    """Without a secret, nothing can come through CloudFront."""
    with pytest.raises(SecretsError, match="origin-secret is empty"):
        read_origin_secrets(SecretsManager(client, PREFIX))
