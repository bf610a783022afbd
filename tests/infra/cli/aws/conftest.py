"""A shell for the commands that speak to AWS."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from aws.emulator import Emulator, running_emulator
from aws.small_assembly import CERTIFICATES, IMAGE_BUILDER, IMAGE_TAG, IMAGES, STACK, write_assembly

CERTIFICATE = "arn:aws:acm:us-east-1:111111111111:certificate/{}"
OPTIONS = {
    "BATTLESHIPER_PLATFORM_DOMAIN": "deploy.example.com",
    "BATTLESHIPER_SITES_DOMAIN": "example-sites.com",
    "BATTLESHIPER_GITHUB_APP_ID": "4711",
    "BATTLESHIPER_PLATFORM_CERTIFICATE": CERTIFICATE.format("platform"),
    "BATTLESHIPER_SITES_CERTIFICATE": CERTIFICATE.format("sites"),
    "AWS_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_EC2_METADATA_DISABLED": "true",
}


class AwsShell:
    """Runs `battleshiper aws …` in a folder, with no options but these."""

    def __init__(self, folder, **environment: str) -> None:
        self.folder = folder
        self._environment = environment

    def run(self, *arguments: str, **changes: str | None) -> subprocess.CompletedProcess[str]:
        """Run a command. A change to None takes a variable away."""
        return self._run(arguments, subprocess.DEVNULL, changes)

    def answer(self, *arguments: str, typed: str) -> subprocess.CompletedProcess[str]:
        """Run a command at a terminal where somebody types."""
        keyboard, terminal = pty.openpty()
        try:
            os.write(keyboard, typed.encode())
            return self._run(arguments, terminal, {})
        finally:
            os.close(keyboard)
            os.close(terminal)

    def _run(self, arguments, stdin: int, changes) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("BATTLESHIPER_", "AWS_"))}
        environment = {**kept, "HOME": str(self.folder), **OPTIONS, **self._environment, **changes}
        return subprocess.run(
            [sys.executable, "-m", "battleshiper.infra.cli", "aws", *arguments],
            cwd=self.folder,
            env={name: value for name, value in environment.items() if value is not None},
            capture_output=True,
            stdin=stdin,
            text=True,
            timeout=120,
            check=False,
        )


@pytest.fixture
def aws_shell(tmp_path) -> AwsShell:
    """A shell in an empty folder."""
    return AwsShell(tmp_path)


@pytest.fixture(scope="session")
def cloud() -> Iterator[Emulator]:
    """An emulator that nothing else uses."""
    with running_emulator() as emulator:
        yield emulator


@pytest.fixture
def cloud_shell(tmp_path, cloud: Emulator) -> AwsShell:
    """A shell that asks the emulator."""
    return AwsShell(tmp_path, AWS_ENDPOINT_URL=cloud.url)


@pytest.fixture
def stack(cloud: Emulator) -> Iterator[str]:
    """The name of a small stack, with data that stays and a queue that goes."""
    template = {
        "Resources": {
            "Sites": {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain", "Properties": {"BucketName": "sites"}},
            "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "queue"}},
        },
        "Outputs": {"Url": {"Value": "https://deploy.example.com"}},
    }
    cloudformation = cloud.client("cloudformation")
    cloudformation.create_stack(StackName="Battleshiper", TemplateBody=json.dumps(template))
    cloudformation.get_waiter("stack_create_complete").wait(StackName="Battleshiper", WaiterConfig={"Delay": 1})
    yield "Battleshiper"
    cloudformation.delete_stack(StackName="Battleshiper")
    cloudformation.get_waiter("stack_delete_complete").wait(StackName="Battleshiper", WaiterConfig={"Delay": 1})


BUCKET = "cdk-hnb659fds-assets-000000000000-{}"
"""Where the CDK's bootstrap of a region lets files go."""
REGIONS = ("eu-central-1", "us-east-1")


@pytest.fixture(scope="module")
def ready_cloud() -> Iterator[Emulator]:
    """An emulator with the CDK's bootstrap, and with a builder of images, for commands that change what is there."""
    with running_emulator() as emulator:
        for region in REGIONS:
            parameters, storage = emulator.client("ssm", region=region), emulator.client("s3", region=region)
            parameters.put_parameter(Name="/cdk-bootstrap/hnb659fds/version", Value="21", Type="String")
            place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
            storage.create_bucket(Bucket=BUCKET.format(region), **place)
        emulator.client("codebuild").create_project(
            name=IMAGE_BUILDER,
            source={"type": "NO_SOURCE", "buildspec": "version: 0.2"},
            artifacts={"type": "NO_ARTIFACTS"},
            environment={
                "type": "ARM_CONTAINER",
                "image": "any",
                "computeType": "BUILD_GENERAL1_SMALL",
                "environmentVariables": [{"name": "TAG", "value": IMAGE_TAG}],
            },
            serviceRole="arn:aws:iam::000000000000:role/builder",
        )
        yield emulator


@pytest.fixture
def image(ready_cloud: Emulator) -> Iterator[None]:
    """The build image is there: the emulator's builds end well and make none."""
    images = ready_cloud.client("ecr")
    images.create_repository(repositoryName=IMAGES)
    images.put_image(repositoryName=IMAGES, imageTag=IMAGE_TAG, imageManifest=json.dumps({"schemaVersion": 2}))
    yield
    images.delete_repository(repositoryName=IMAGES, force=True)


@pytest.fixture
def ready_shell(tmp_path, ready_cloud: Emulator) -> AwsShell:
    """A shell that asks it, with certificates that are issued there."""
    acm = ready_cloud.client("acm", region="us-east-1")
    domains = {"PLATFORM": "deploy.example.com", "SITES": "*.example-sites.com"}
    arns = {
        f"BATTLESHIPER_{name}_CERTIFICATE": acm.request_certificate(DomainName=domain)["CertificateArn"]
        for name, domain in domains.items()
    }
    return AwsShell(tmp_path, AWS_ENDPOINT_URL=ready_cloud.url, **arns)


@pytest.fixture
def small(tmp_path: Path) -> Callable[..., str]:
    """Return what writes a small assembly, and tells its folder."""
    return lambda *described, **more: str(write_assembly(tmp_path / "cdk.out", *described, **more))


@pytest.fixture
def empty_account(ready_cloud: Emulator) -> Iterator[None]:
    """Take away what a test leaves, so that each begins with nothing."""
    yield
    for region in REGIONS:
        for name in (STACK, CERTIFICATES):
            ready_cloud.client("cloudformation", region=region).delete_stack(StackName=name)
        storage = ready_cloud.client("s3", region=region)
        bucket = BUCKET.format(region)
        for item in storage.list_objects_v2(Bucket=bucket).get("Contents", ()):
            storage.delete_object(Bucket=bucket, Key=item["Key"])
    secrets = ready_cloud.client("secretsmanager")
    for secret in secrets.list_secrets()["SecretList"]:
        secrets.delete_secret(SecretId=secret["ARN"], ForceDeleteWithoutRecovery=True)
    tables = ready_cloud.client("dynamodb")
    for name in tables.list_tables()["TableNames"]:
        tables.update_table(TableName=name, DeletionProtectionEnabled=False)
        tables.delete_table(TableName=name)
