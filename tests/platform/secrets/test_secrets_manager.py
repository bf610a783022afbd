"""Secrets in Secrets Manager, beyond what all secrets keep to."""

import pytest
from aws.secrets import PREFIX, secrets_client
from botocore.awsrequest import AWSResponse
from botocore.exceptions import EndpointConnectionError

from battleshiper.platform.secrets.port import SecretsError
from battleshiper.platform.secrets.secrets_manager import SecretsManager


@pytest.fixture
def client():
    """Secrets Manager with one empty secret, `key`."""
    with secrets_client(["key"]) as client:
        yield client


@pytest.fixture
def secrets(client) -> SecretsManager:
    """The secrets."""
    return SecretsManager(client, PREFIX)


def refuse(client, operation: str, code: str) -> None:
    """Let Secrets Manager refuse an operation."""
    answer = AWSResponse("https://secretsmanager.test/", 400, {}, None)
    error = {"Error": {"Code": code, "Message": "No."}, "ResponseMetadata": {"HTTPStatusCode": 400}}
    client.meta.events.register(f"before-call.secretsmanager.{operation}", lambda **_: (answer, error))


def cut_off(client) -> None:
    """Let nothing reach Secrets Manager."""

    def fail(**_):
        raise EndpointConnectionError(endpoint_url="https://secretsmanager.test/")

    client.meta.events.register("before-call.secretsmanager", fail)


def test_the_first_of_two_who_make_one_wins(client, secrets):
    """Both looked while there was none, both have made one, and both get the same."""
    other = SecretsManager(client, PREFIX)
    theirs: list[str] = []

    def create() -> str:
        theirs.append(other.get_or_create("key", lambda: "theirs"))
        return "ours"

    assert secrets.get_or_create("key", create) == "theirs"
    assert theirs == ["theirs"]
    assert client.get_secret_value(SecretId=f"{PREFIX}key")["SecretString"] == "theirs"


def test_making_one_after_a_lost_answer_is_no_failure(client, secrets):
    """What was put already, under the name of the first version, may be put again."""
    versions = []

    def remember(params, **_):
        versions.append(params["ClientRequestToken"])

    client.meta.events.register("provide-client-params.secretsmanager.PutSecretValue", remember)
    secrets.get_or_create("key", lambda: "x")
    [version] = versions
    client.put_secret_value(SecretId=f"{PREFIX}key", SecretString="x", ClientRequestToken=version)
    assert secrets.get_or_create("key", lambda: "y") == "x"


def test_a_secret_that_the_stack_has_not_made_is_not_made_here(client, secrets):
    """It would have no owner, no key of its own and no end; the message says what to do."""
    for use in (lambda: secrets.get_or_create("other", lambda: "x"), lambda: secrets.replace("other", "x")):
        with pytest.raises(SecretsError, match=f"{PREFIX}other .*Deploy the stack again"):
            use()
    assert [each["Name"] for each in client.list_secrets()["SecretList"]] == [f"{PREFIX}key"]


def test_a_secret_that_is_to_be_deleted_is_restored_by_its_operator(client, secrets):
    """The message says where."""
    secrets.replace("key", "x")
    client.delete_secret(SecretId=f"{PREFIX}key", RecoveryWindowInDays=7)
    with pytest.raises(SecretsError, match="Restore it in Secrets Manager"):
        secrets.get_or_create("key", lambda: "y")
    client.restore_secret(SecretId=f"{PREFIX}key")
    assert secrets.get_or_create("key", lambda: "y") == "x"


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("AccessDeniedException", "Deploy the stack again"),
        ("DecryptionFailure", "See that it is enabled"),
        ("ThrottlingException", "It is tried again"),
        ("SomethingNew", r"No\.$"),
    ],
)
@pytest.mark.parametrize("operation", ["GetSecretValue", "PutSecretValue"])
def test_a_refusal_says_what_to_do(client, secrets, operation, code, advice):
    """It names what was asked, of which secret, and never the secret's value."""
    refuse(client, operation, code)
    with pytest.raises(SecretsError, match=rf"{operation} of {PREFIX}key \({code}\): .*{advice}") as caught:
        secrets.get_or_create("key", lambda: "value-of-the-secret")
    assert "value-of-the-secret" not in str(caught.value)


def test_a_replacement_that_is_refused_says_what_to_do(client, secrets):
    """And the old value stays."""
    secrets.replace("key", "old")
    refuse(client, "PutSecretValue", "AccessDeniedException")
    with pytest.raises(SecretsError, match="Deploy the stack again"):
        secrets.replace("key", "new")
    assert secrets.get_or_create("key", lambda: "made") == "old"


def test_out_of_reach(client, secrets):
    """What no answer comes from is named, with the secret that was asked for."""
    cut_off(client)
    for use in (lambda: secrets.get_or_create("key", lambda: "x"), lambda: secrets.replace("key", "x")):
        with pytest.raises(SecretsError, match=f"cannot be reached for {PREFIX}key"):
            use()
