"""The image that builds run in."""

import pytest
from aws.code_build import IMAGE, FakeBuilds
from aws.patience import Patience

from battleshiper.infra.aws.operation.error import OperationError
from battleshiper.infra.aws.operation.setup.build_image import BuildImage

OUTPUTS = {"ImageRepository": IMAGE, "ImageTag": "new", "ImageBuilder": "builder"}


class Desk:
    """An operator with CodeBuild and time."""

    def __init__(self) -> None:
        self.aws = FakeBuilds()
        self.patience = Patience()

    def provide(self) -> None:
        BuildImage(self.aws, self.aws, self.aws, self.patience.waiting, self.patience.told.append).provide(OUTPUTS)


@pytest.fixture
def desk() -> Desk:
    """One."""
    return Desk()


def test_an_image_that_is_there(desk) -> None:
    """Nothing is started and nothing told."""
    desk.aws.tags = {"new"}
    desk.provide()
    assert (desk.aws.builds, desk.patience.told) == ([], [])


def test_it_is_made(desk) -> None:
    """Each phase is told as it begins."""
    desk.aws.tags = {"old"}
    desk.patience.after(10, lambda: desk.aws.enter("PROVISIONING"))
    desk.patience.after(40, lambda: desk.aws.enter("BUILD"))
    desk.patience.after(300, desk.aws.succeed)
    desk.provide()
    assert [line.strip() for line in desk.patience.told if line.startswith("  ")] == [
        "queued",
        "provisioning",
        "build",
        "completed",
    ]
    assert desk.patience.told[-1] == "The build image is there."


def test_one_that_runs_is_followed(desk) -> None:
    """An interrupted deployment starts no second build; one of another version is not taken for it."""
    desk.aws.run("builder", "new")
    desk.patience.after(30, desk.aws.succeed)
    desk.provide()
    assert len(desk.aws.builds) == 1
    desk.aws.tags = set()
    desk.aws.run("builder", "older")
    desk.patience.after(desk.patience.now + 30, desk.aws.succeed)
    desk.provide()
    assert len(desk.aws.builds) == 3


@pytest.mark.parametrize(
    ("status", "phase", "message", "log", "remedy"),
    [
        ("FAILED", "BUILD", "exit status 1", "ERROR: toomanyrequests: slow down", "in an hour"),
        ("FAILED", "BUILD", "exit status 1", "write /x: no space left on device", "disk"),
        ("FAILED", "BUILD", "exit status 1", "npm error E404", "build_runner/Dockerfile"),
        ("FAILED", "DOWNLOAD_SOURCE", "Access Denied", "", "CDK's bucket"),
        ("FAILED", "PROVISIONING", "Unable to provision", "", "a few minutes"),
        ("TIMED_OUT", "BUILD", "Build timed out", "slow", "half an hour"),
        ("STOPPED", "BUILD", "", "", "Somebody stopped it"),
        ("FAULT", "QUEUED", "Internal", "", "CodeBuild itself"),
    ],
)
def test_a_failure_is_explained(desk, status, phase, message, log, remedy) -> None:
    """Phase, message, the log's end and a remedy are told."""
    desk.aws.log = [f"line {number}" for number in range(40)] + [log]
    desk.patience.after(10, lambda: desk.aws.enter(phase))
    desk.patience.after(30, lambda: desk.aws.fail(status, phase, message))
    with pytest.raises(OperationError) as raised:
        desk.provide()
    said = raised.value.message
    assert f"ended as {status} in its phase {phase}" in said
    assert message in said
    assert log in said
    assert "line 39" in said
    assert "line 10\n" not in said
    assert remedy in raised.value.remedy


def test_a_build_that_says_nothing(desk) -> None:
    """One that was stopped before it began has no log and no message."""
    desk.patience.after(10, lambda: desk.aws.builds[-1].update(buildStatus="STOPPED"))
    with pytest.raises(OperationError, match="ended as STOPPED: CodeBuild says no more"):
        desk.provide()


def test_the_image_is_not_where_it_should_be(desk) -> None:
    """A build that ends well without an image is no success."""
    desk.patience.after(10, lambda: desk.aws.builds[-1].update(buildStatus="SUCCEEDED"))
    with pytest.raises(OperationError, match="battleshiper-image:new is not there"):
        desk.provide()


@pytest.mark.emulator
def test_calls_are_as_aws_takes_them(emulator) -> None:
    """An emulator, whose builds end at once and make nothing, takes the requests and tells what it built."""
    ecr, codebuild = emulator.client("ecr"), emulator.client("codebuild")
    ecr.create_repository(repositoryName="battleshiper-image")
    codebuild.create_project(
        name="builder",
        source={"type": "NO_SOURCE", "buildspec": "version: 0.2"},
        artifacts={"type": "NO_ARTIFACTS"},
        environment={
            "type": "LINUX_CONTAINER",
            "image": "x",
            "computeType": "BUILD_GENERAL1_SMALL",
            "environmentVariables": [{"name": "TAG", "value": "new"}],
        },
        serviceRole="arn:aws:iam::000000000000:role/x",
    )
    patience = Patience()
    step = BuildImage(ecr, codebuild, emulator.client("logs"), patience.waiting, patience.told.append)
    for _ in range(2):
        with pytest.raises(OperationError, match="battleshiper-image:new is not there"):
            step.provide(OUTPUTS)
    assert len(codebuild.list_builds_for_project(projectName="builder")["ids"]) == 2
    assert "  completed" in patience.told
