"""Secrets in Secrets Manager, beyond what all secrets keep to."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from aws.secrets import PREFIX, secrets_client
from botocore.awsrequest import AWSResponse
from botocore.exceptions import EndpointConnectionError

from battleshiper.platform.secrets.port import SecretChangedError, SecretsError
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
    with pytest.raises(SecretsError, match=f"{PREFIX}other .*Deploy the stack again"):
        secrets.get_or_create("other", lambda: "x")
    assert [each["Name"] for each in client.list_secrets()["SecretList"]] == [f"{PREFIX}key"]


def test_a_secret_that_is_to_be_deleted_is_restored_by_its_operator(client, secrets):
    """The message says where."""
    secrets.get_or_create("key", lambda: "x")
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


@pytest.mark.parametrize("operation", ["PutSecretValue", "UpdateSecretVersionStage"])
def test_a_replacement_that_is_refused_says_what_to_do(client, secrets, operation):
    """And the old value stays."""
    secrets.get_or_create("key", lambda: "old")
    refuse(client, operation, "AccessDeniedException")
    with pytest.raises(SecretsError, match="Deploy the stack again"):
        secrets.replace("key", "new", expected="old")
    assert secrets.get("key") == "old"


def test_who_puts_last_need_not_win(client, secrets):
    """Two have put their values beside the current one; who moves the label first has replaced it."""
    secrets.get_or_create("key", lambda: "old")
    other = SecretsManager(client, PREFIX)
    overtaken = False

    def overtake(**_):
        nonlocal overtaken
        if not overtaken:
            overtaken = True
            other.replace("key", "theirs", expected="old")

    client.meta.events.register("before-call.secretsmanager.UpdateSecretVersionStage", overtake)
    with pytest.raises(SecretChangedError):
        secrets.replace("key", "ours", expected="old")
    assert secrets.get("key") == "theirs"


def test_a_replacement_after_a_lost_answer_is_no_failure(client, secrets):
    """The label had moved already when the client asked again."""
    secrets.get_or_create("key", lambda: "old")
    moved = []

    def move_first(params, **_):
        if not moved:
            moved.append(params)
            client.update_secret_version_stage(**params)

    client.meta.events.register("provide-client-params.secretsmanager.UpdateSecretVersionStage", move_first)
    secrets.replace("key", "new", expected="old")
    assert moved
    assert secrets.get("key") == "new"


def test_out_of_reach(client, secrets):
    """What no answer comes from is named, with the secret that was asked for."""
    cut_off(client)
    for use in (lambda: secrets.get("key"), lambda: secrets.replace("key", "y", expected="x")):
        with pytest.raises(SecretsError, match=f"cannot be reached for {PREFIX}key"):
            use()


@pytest.mark.emulator
def test_one_of_all_who_replace_at_once_succeeds_in_the_emulator_too(emulator):
    """Its labels move from one version to another as AWS's do. Its versions can be overwritten, unlike AWS's, so the
    whole contract is nothing for it."""
    client = emulator.client("secretsmanager", max_pool_connections=20)
    client.create_secret(Name=f"{PREFIX}at-once")
    secrets = SecretsManager(client, PREFIX)
    assert secrets.get("at-once") is None
    assert secrets.get_or_create("at-once", lambda: "old") == "old"

    def replace(number: int) -> int | None:
        try:
            secrets.replace("at-once", str(number), expected="old")
        except SecretChangedError:
            return None
        return number

    with ThreadPoolExecutor(20) as pool:
        [won] = [number for number in pool.map(replace, range(40)) if number is not None]
    assert secrets.get("at-once") == str(won)
