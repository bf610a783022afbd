"""The GitHub App's secrets."""

from pathlib import Path

import pytest
from aws.secrets import PREFIX, secrets_client
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as generate_ec
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from battleshiper.infra.aws.operation.setup.app_secrets import AppSecrets, SecretEntry, read_app_secrets
from battleshiper.infra.aws.stack.options import OptionsError

KEY_FILE, SECRET = "BATTLESHIPER_GITHUB_PRIVATE_KEY_FILE", "BATTLESHIPER_GITHUB_WEBHOOK_SECRET"
NAMES = ("github-private-key", "github-webhook-secret", "github-client")
CLIENT = "Iv1\nclient's"
OUTPUTS = {
    "GitHubPrivateKeySecret": PREFIX + NAMES[0],
    "GitHubWebhookSecret": PREFIX + NAMES[1],
    "GitHubClientSecret": PREFIX + NAMES[2],
}


def pem(key, form=PrivateFormat.TraditionalOpenSSL) -> str:
    """Return a key as GitHub gives it."""
    return key.private_bytes(Encoding.PEM, form, NoEncryption()).decode()


RSA = generate_private_key(65537, 2048)
KEY = pem(RSA)


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """A file with the App's key."""
    path = tmp_path / "app.pem"
    path.write_text(KEY)
    return path


def test_both_are_read(key_file) -> None:
    """They never show up where an object is printed."""
    given = read_app_secrets({KEY_FILE: str(key_file), SECRET: " hush "})
    assert (given.private_key, given.webhook_secret) == (KEY, "hush")
    assert "hush" not in repr(given)
    assert "PRIVATE" not in repr(given)


def test_none_is_needed() -> None:
    """They may have been entered by hand."""
    assert read_app_secrets({}) == AppSecrets()


def test_the_old_webhook_secret_stays_good_beside_the_new_one() -> None:
    """As on one machine: functions take each line."""
    assert read_app_secrets({SECRET: "new", f"{SECRET}_OLD": "old"}).webhook_secret == "new\nold"
    with pytest.raises(OptionsError, match="unset BATTLESHIPER_GITHUB_WEBHOOK_SECRET_OLD"):
        read_app_secrets({f"{SECRET}_OLD": "old"})


def test_the_client_comes_as_a_pair() -> None:
    """The id without the secret lets nobody in."""
    both = {"BATTLESHIPER_GITHUB_CLIENT_ID": "Iv1", "BATTLESHIPER_GITHUB_CLIENT_SECRET": "client's"}
    assert read_app_secrets(both).client == CLIENT
    for name in both:
        with pytest.raises(OptionsError, match="Set both"):
            read_app_secrets({name: both[name]})


@pytest.mark.parametrize(
    "content",
    [
        "",
        "hush",
        pem(generate_ec(SECP256R1())),
        RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
        KEY[: len(KEY) // 2],
    ],
)
def test_what_is_no_rsa_private_key(tmp_path, content) -> None:
    """It is refused, the file named and what is in it not told."""
    path = tmp_path / "app.pem"
    path.write_text(content)
    with pytest.raises(OptionsError, match=r"is no RSA private key in PEM: .*app\.pem") as raised:
        read_app_secrets({KEY_FILE: str(path)})
    assert not content or content not in str(raised.value)


def test_newer_forms_of_the_key_will_do(tmp_path) -> None:
    """PKCS#8 is as good as what GitHub hands out."""
    path = tmp_path / "app.pem"
    path.write_text(pem(RSA, PrivateFormat.PKCS8))
    assert read_app_secrets({KEY_FILE: str(path)}).private_key


def test_everything_wrong_is_said_at_once(tmp_path) -> None:
    """A file that is not there, and a secret with a blank in it, which is not told."""
    with pytest.raises(OptionsError) as raised:
        read_app_secrets({KEY_FILE: str(tmp_path / "none.pem"), SECRET: "hush hush"})
    first, second = raised.value.problems
    assert "cannot be read" in first
    assert SECRET in second
    assert "hush" not in second


class Desk:
    """An operator with Secrets Manager."""

    def __init__(self, client) -> None:
        self.client = client
        self.told: list[str] = []

    def enter(self, given: AppSecrets) -> bool:
        return SecretEntry(self.client, "eu-central-1", self.told.append).enter(given, OUTPUTS)

    def versions(self, name: str) -> int:
        found = self.client.list_secret_version_ids(SecretId=PREFIX + name, IncludeDeprecated=True)["Versions"]
        return len([each for each in found if each.get("VersionStages")])

    def value(self, name: str) -> str:
        return self.client.get_secret_value(SecretId=PREFIX + name)["SecretString"]


@pytest.fixture
def desk():
    """One whose secrets are empty, as the stack makes them."""
    with secrets_client(NAMES) as client:
        yield Desk(client)


def test_they_are_entered_once(desk) -> None:
    """What is there already is not put again, and a line's end makes no difference."""
    assert desk.enter(AppSecrets(KEY, "hush", CLIENT))
    assert [desk.value(name) for name in NAMES] == [KEY, "hush", CLIENT]
    desk.told.clear()
    assert desk.enter(AppSecrets(KEY.strip(), "hush", CLIENT))
    assert desk.told == []
    assert [desk.versions(name) for name in NAMES] == [1, 1, 1]


def test_another_one_takes_its_place(desk) -> None:
    """What was changed is put, and the rest left."""
    desk.enter(AppSecrets(KEY, "hush", CLIENT))
    desk.told.clear()
    assert desk.enter(AppSecrets(KEY, "new", CLIENT))
    assert desk.value(NAMES[1]) == "new"
    assert len(desk.told) == 1
    assert desk.versions(NAMES[0]) == 1


def test_nothing_given_leaves_what_is_there(desk) -> None:
    """A deployment from another desk changes nothing."""
    desk.enter(AppSecrets(KEY, "hush", CLIENT))
    desk.told.clear()
    assert desk.enter(AppSecrets())
    assert desk.told == []
    assert desk.value(NAMES[1]) == "hush"


def test_what_is_empty_is_named_with_the_command(desk) -> None:
    """The operator can copy it."""
    assert not desk.enter(AppSecrets(webhook_secret="hush", client=CLIENT))
    assert (
        "  aws secretsmanager put-secret-value --region eu-central-1 --secret-id battleshiper/github-private-key "
        in ("\n".join(desk.told))
    )
    assert len([line for line in desk.told if "put-secret-value" in line]) == 1


def test_no_secret_is_told(desk) -> None:
    """Whatever happens."""
    desk.enter(AppSecrets())
    desk.enter(AppSecrets(KEY, "hush", CLIENT))
    assert not [line for line in desk.told if "hush" in line or "PRIVATE KEY" in line]
