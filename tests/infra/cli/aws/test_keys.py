"""`battleshiper aws rotate-keys`, with a platform that runs and a stack in an emulator that leads to it."""

import json
from collections.abc import Iterator

import pytest

from battleshiper.infra.local.running import RunningPlatform, run
from battleshiper.infra.local.settings import Settings

pytestmark = pytest.mark.emulator
SECRET = "battleshiper/operator-token"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPlatform]:
    """A platform that builds nothing here, and so needs no sandbox."""
    settings = Settings(tmp_path_factory.mktemp("data"), port=0, github_port=0, unsafe_builds=True)
    with run(settings) as platform:
        yield platform


@pytest.fixture
def token(running) -> str:
    """What lets the operator in at the platform."""
    return (running.settings.data_dir / "secrets" / "operator-token").read_text()


@pytest.fixture
def secrets(cloud, token):
    """Secrets Manager, with that."""
    client = cloud.client("secretsmanager")
    client.create_secret(Name=SECRET, SecretString=token)
    yield client
    client.delete_secret(SecretId=SECRET, ForceDeleteWithoutRecovery=True)


@pytest.fixture
def deployed(cloud, running, secrets) -> Iterator[None]:
    """A stack whose outputs lead to both."""
    template = {
        "Resources": {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "keys"}}},
        "Outputs": {"Url": {"Value": running.settings.own_url}, "OperatorTokenSecret": {"Value": SECRET}},
    }
    cloudformation = cloud.client("cloudformation")
    cloudformation.create_stack(StackName="Battleshiper", TemplateBody=json.dumps(template))
    cloudformation.get_waiter("stack_create_complete").wait(StackName="Battleshiper", WaiterConfig={"Delay": 1})
    yield
    cloudformation.delete_stack(StackName="Battleshiper")
    cloudformation.get_waiter("stack_delete_complete").wait(StackName="Battleshiper", WaiterConfig={"Delay": 1})


def ring(running) -> dict:
    """Return the platform's ticket keys."""
    return json.loads((running.settings.data_dir / "secrets" / "ticket-keys").read_text())


def test_keys_are_changed_and_told(cloud_shell, deployed, running) -> None:
    """The ids alone: which key signs, and until when the one before is good."""
    before = ring(running)
    done = cloud_shell.run("rotate-keys")
    assert done.returncode == 0, done.stderr
    after = ring(running)
    assert after["kid"] != before["kid"]
    assert f"New tickets are signed with key {after['kid']}." in done.stdout
    assert f"Tickets of {before['kid']} are good until " in done.stdout
    assert "PRIVATE" not in done.stdout


def test_as_json(cloud_shell, deployed, running, secrets, token) -> None:
    """For programs. A new operator's token is told to nobody, and the old one changed the keys."""
    done = cloud_shell.run("rotate-keys", "--json", "--operator-token")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["signing"] == ring(running)["kid"]
    assert [each["key"] for each in said["verifying"]] == [each["kid"] for each in ring(running)["retired"]]
    assert said["changed"] == {"operator_token": True, "origin_secret": False}
    new = secrets.get_secret_value(SecretId=SECRET)["SecretString"]
    assert len(new) >= len(token)
    assert new not in (token, done.stdout)


def test_a_token_that_the_platform_does_not_take(cloud_shell, deployed, running, secrets) -> None:
    """Nothing is changed, and the operator hears that it may be too early."""
    secrets.put_secret_value(SecretId=SECRET, SecretString="new")
    before = ring(running)
    done = cloud_shell.run("rotate-keys", "--operator-token")
    assert done.returncode == 1
    assert "within five minutes" in done.stderr
    assert ring(running) == before
    assert secrets.get_secret_value(SecretId=SECRET)["SecretString"] == "new"


def test_a_stack_without_distributions(cloud_shell, deployed, cloud) -> None:
    """Where nothing sends the origin secret, that is said before anything is changed."""
    secrets = cloud.client("secretsmanager")
    secrets.create_secret(Name="battleshiper/origin-secret", SecretString="first")
    done = cloud_shell.run("rotate-keys", "--origin-secret")
    assert done.returncode == 1
    assert "No distribution sends the origin secret" in done.stderr
    assert secrets.get_secret_value(SecretId="battleshiper/origin-secret")["SecretString"] == "first"


def test_no_platform(cloud_shell) -> None:
    """Where nothing was deployed, the command says how to look."""
    done = cloud_shell.run("rotate-keys")
    assert done.returncode == 1
    assert "There is no platform in eu-central-1" in done.stderr
