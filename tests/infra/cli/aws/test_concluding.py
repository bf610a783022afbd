"""What `battleshiper aws deploy` does once the stacks are there, on an emulator of AWS."""

import json
from pathlib import Path

import pytest
from aws.small_assembly import PRIVATE_KEY, WEBHOOK_SECRET
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

pytestmark = [pytest.mark.emulator, pytest.mark.usefixtures("empty_account")]
RECORD = "  deploy.invalid  CNAME  d1.cloudfront.net"


@pytest.fixture
def app(tmp_path: Path) -> dict[str, str]:
    """What the operator has of the GitHub App, as the environment tells it."""
    key = generate_private_key(public_exponent=65537, key_size=2048)
    file = tmp_path / "app.pem"
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()))
    return {
        "BATTLESHIPER_GITHUB_PRIVATE_KEY_FILE": str(file),
        "BATTLESHIPER_GITHUB_WEBHOOK_SECRET": "hush[1]:lock:",
        "BATTLESHIPER_GITHUB_CLIENT_ID": "Iv1.client",
        "BATTLESHIPER_GITHUB_CLIENT_SECRET": "client's",
    }


@pytest.mark.usefixtures("image")
def test_secrets_are_entered_and_records_shown(ready_shell, ready_cloud, small, app) -> None:
    """In this order, after the stack; the record is shown as it is to be entered, and no secret is printed."""
    done = ready_shell.run("deploy", "--assembly", small(), "--yes", "--no-wait", **app)
    assert done.returncode == 0, done.stderr
    secrets = ready_cloud.client("secretsmanager")
    key = Path(app["BATTLESHIPER_GITHUB_PRIVATE_KEY_FILE"]).read_text()
    assert secrets.get_secret_value(SecretId=PRIVATE_KEY)["SecretString"] == key
    assert secrets.get_secret_value(SecretId=WEBHOOK_SECRET)["SecretString"] == "hush[1]:lock:"
    lines = done.stdout.splitlines()
    titles = (
        "Account",
        "Bootstrap",
        "Stacks",
        "The GitHub App's secrets",
        "The edge functions",
        "The build image",
        "DNS and the first answer",
    )
    assert sorted(titles, key=lines.index) == list(titles)
    assert "Certificates" not in lines
    assert lines.index("  The App's private key is entered; functions take it within five minutes.") > lines.index(
        "The GitHub App's secrets"
    )
    assert RECORD in "\n".join(lines[lines.index("DNS and the first answer") :])
    # The emulator tries no function.
    assert lines[-1].startswith("Left to you, see above: The edge functions; DNS and the first answer.")
    assert "PRIVATE KEY" not in done.stdout + done.stderr
    assert "hush" not in done.stdout + done.stderr


@pytest.mark.usefixtures("image")
def test_what_is_left_as_json(ready_shell, small) -> None:
    """Each step after the stacks says what came of it, with its lines as they are."""
    done = ready_shell.run("deploy", "--assembly", small(), "--yes", "--no-wait", "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert [(each["step"], each["state"]) for each in said["steps"]] == [
        ("The GitHub App's secrets", "yours"),
        ("The edge functions", "yours"),
        ("The build image", "done"),
        ("DNS and the first answer", "yours"),
    ]
    secrets, _, _, records = (each["told"] for each in said["steps"])
    assert f"put-secret-value --region eu-central-1 --secret-id {PRIVATE_KEY}" in "\n".join(secrets)
    assert RECORD in records
    assert RECORD in done.stderr
    assert said["failure"] is None


def test_a_step_after_the_stack_fails(ready_shell, ready_cloud, small, app) -> None:
    """That is told apart from a stack that fails, by word and by exit code, and deploying again carries on."""
    images = ready_cloud.client("ecr")
    images.create_repository(repositoryName="battleshiper-image")
    arguments = ("deploy", "--assembly", small(), "--yes", "--no-wait")
    done = ready_shell.run(*arguments, **app)
    again = ready_shell.run(*arguments, "--json", **app)
    images.delete_repository(repositoryName="battleshiper-image", force=True)
    assert done.returncode == 5
    assert "Making the build image" in done.stdout
    assert "Url                      https://deploy.example.com" in done.stdout
    assert done.stderr.splitlines() == [
        "Error: The stacks are deployed. What failed is The build image: The build image was made, but "
        "battleshiper-image:small is not there.",
        "  Deploy again.",
        "  Done: The stacks; The GitHub App's secrets. Left: The build image; DNS and the first answer. "
        "`battleshiper aws deploy` again goes on from there.",
    ]
    assert again.returncode == 5
    said = json.loads(again.stdout)
    assert [each["state"] for each in said["steps"]] == ["done", "yours", "failed", "not begun"]
    assert said["steps"][0]["told"] == []  # they are there
    assert said["failure"]["remedy"] == "Deploy again."
    assert said["stacks"][0]["changes"] == []


def test_a_wrong_key_is_refused_first(ready_shell, ready_cloud, small, tmp_path) -> None:
    """Before anything is asked of AWS, with everything that is wrong."""
    (tmp_path / "app.pem").write_text("no key")
    wrong = {"BATTLESHIPER_GITHUB_PRIVATE_KEY_FILE": "app.pem", "BATTLESHIPER_GITHUB_WEBHOOK_SECRET": "a b"}
    done = ready_shell.run("deploy", "--assembly", small(), "--yes", **wrong)
    assert done.returncode == 1
    assert done.stdout == ""
    assert "is no RSA private key in PEM: app.pem." in done.stderr
    assert "BATTLESHIPER_GITHUB_WEBHOOK_SECRET must have no blanks" in done.stderr
    assert ready_cloud.client("cloudformation").describe_stacks()["Stacks"] == []
