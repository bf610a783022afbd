"""CodeBuild, ECR and a log, as far as making the build image goes. The emulators end every build at once, and well."""

from typing import Any

IMAGE = "111111111111.dkr.ecr.eu-central-1.amazonaws.com/battleshiper-image"


class ImageNotFoundException(Exception):  # noqa: N818 - botocore's name
    """ECR has no such image."""


class FakeBuilds:
    """All three clients in one. A test says what becomes of a build while somebody sleeps."""

    def __init__(self) -> None:
        self.tags: set[str] = set()
        self.builds: list[dict[str, Any]] = []
        self.log: list[str] = []
        self.exceptions = self
        self.ImageNotFoundException = ImageNotFoundException

    def describe_images(self, *, repositoryName: str, imageIds: list[dict[str, str]]) -> dict[str, Any]:  # noqa: N803
        """Tell about an image that is there."""
        assert repositoryName == "battleshiper-image"
        if imageIds[0]["imageTag"] not in self.tags:
            raise ImageNotFoundException
        return {"imageDetails": [{}]}

    def start_build(self, *, projectName: str) -> dict[str, Any]:  # noqa: N803
        """Start a build of the newest tag."""
        return {"build": self.run(projectName, "new")}

    def run(self, project: str, tag: str) -> dict[str, Any]:
        """Let a build run."""
        build = {
            "id": f"{project}:{len(self.builds)}",
            "buildStatus": "IN_PROGRESS",
            "currentPhase": "QUEUED",
            "environment": {"environmentVariables": [{"name": "TAG", "value": tag}]},
            "phases": [{"phaseType": "SUBMITTED", "phaseStatus": "SUCCEEDED"}, {"phaseType": "QUEUED"}],
            "logs": {},
        }
        self.builds.append(build)
        return build

    def enter(self, phase: str) -> None:
        """Let the last build go on."""
        self.builds[-1].update(currentPhase=phase, logs={"groupName": "/battleshiper/image", "streamName": "s"})

    def succeed(self) -> None:
        """Let the last build end well, which makes its image."""
        self.builds[-1].update(currentPhase="COMPLETED", buildStatus="SUCCEEDED")
        self.tags.add("new")

    def fail(self, status: str, phase: str, message: str) -> None:
        """Let the last build fail in a phase."""
        failed = {"phaseType": phase, "phaseStatus": status, "contexts": [{"statusCode": "X", "message": message}]}
        done = [{"phaseType": "SUBMITTED", "phaseStatus": "SUCCEEDED"}, failed, {"phaseType": "COMPLETED"}]
        self.builds[-1].update(currentPhase="COMPLETED", buildStatus=status, phases=done)

    def list_builds_for_project(self, *, projectName: str, sortOrder: str) -> dict[str, Any]:  # noqa: N803
        """List the newest first."""
        assert (projectName, sortOrder) == ("builder", "DESCENDING")
        return {"ids": [build["id"] for build in reversed(self.builds)]}

    def batch_get_builds(self, *, ids: list[str]) -> dict[str, Any]:
        """Tell about builds."""
        assert ids
        return {"builds": [build for build in self.builds if build["id"] in ids]}

    def get_log_events(self, **query: Any) -> dict[str, Any]:
        """Return the end of the log."""
        assert (query["logGroupName"], query["logStreamName"]) == ("/battleshiper/image", "s")
        assert query["startFromHead"] is False
        return {"events": [{"message": line + "\n"} for line in self.log[-query["limit"] :]]}
