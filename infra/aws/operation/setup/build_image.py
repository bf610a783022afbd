"""The image that builds run in: made by CodeBuild where this version of it is not there yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from battleshiper.infra.aws.operation.account import asking
from battleshiper.infra.aws.operation.error import OperationError
from battleshiper.infra.aws.operation.waiting import Tell, Waiting

_IN_PROGRESS = "IN_PROGRESS"
_SUCCEEDED = "SUCCEEDED"
_LONGEST_SECONDS = 45 * 60.0
"""More than CodeBuild lets it run."""
_LATEST = 10
"""How many builds are looked through for one that runs."""
_LOG_LINES = 15
_WELL = (_SUCCEEDED, _IN_PROGRESS)
_BY_LOG = (
    ("toomanyrequests", "The registry of the base image answers no more for now: deploy again in an hour."),
    ("no space left on device", "The image has outgrown CodeBuild's disk: is the checkout clean?"),
    ("denied", "The builder may not do that: deploy the stack again, and ask whether your organisation forbids it."),
    ("could not resolve", "A server of packages was not reached: deploy again."),
    ("temporary failure", "A server of packages was not reached: deploy again."),
)
_BY_STATUS = {
    "STOPPED": "Somebody stopped it. Deploy again to start it anew.",
    "TIMED_OUT": "It took more than half an hour, so a server of packages was slow. Deploy again.",
    "FAULT": "CodeBuild itself failed. Deploy again in a few minutes.",
}
_BY_PHASE = {
    "QUEUED": "The account may build too little at once: ask for more in Service Quotas, AWS CodeBuild, Linux ARM.",
    "PROVISIONING": "CodeBuild has no machine of this kind here and now. Deploy again in a few minutes.",
    "DOWNLOAD_SOURCE": "The source in the CDK's bucket is not there or not readable: deploy the stack again.",
}
_OTHERWISE = "Mend what the log names, in build_runner/Dockerfile or in your network's rules, and deploy again."


@dataclass(frozen=True, slots=True)
class ImageBuild:
    """What CodeBuild says of a build."""

    id: str
    status: str
    phase: str
    tag: str
    """The tag it makes."""
    failed_phase: str
    why: str
    """What CodeBuild says about the phase that failed."""
    log_group: str
    log_stream: str

    @classmethod
    def of(cls, build: Any) -> "ImageBuild":
        """Return what a build of BatchGetBuilds says
        (https://docs.aws.amazon.com/codebuild/latest/APIReference/API_Build.html)."""
        variables = {each["name"]: each["value"] for each in build["environment"].get("environmentVariables", ())}
        failed = next(
            (each for each in build.get("phases", ()) if each.get("phaseStatus", _SUCCEEDED) not in _WELL), None
        )
        contexts = failed.get("contexts", ()) if failed else ()
        logs = build.get("logs", {})
        return cls(
            build["id"],
            build["buildStatus"],
            build.get("currentPhase", "SUBMITTED"),
            variables.get("TAG", ""),
            failed["phaseType"] if failed else "",
            " ".join(text for each in contexts if (text := each.get("message", "").strip())),
            logs.get("groupName", ""),
            logs.get("streamName", ""),
        )


def remedy_for(build: ImageBuild, log: Sequence[str]) -> str:
    """Return what to do about a build that did not succeed."""
    text = "\n".join((build.why, *log)).lower()
    by_log = next((remedy for part, remedy in _BY_LOG if part in text), "")
    return _BY_STATUS.get(build.status) or _BY_PHASE.get(build.failed_phase) or by_log or _OTHERWISE


class BuildImage:
    """Sees to it that the image is there."""

    def __init__(self, ecr: Any, codebuild: Any, logs: Any, waiting: Waiting, tell: Tell) -> None:
        """Clients of the platform's region."""
        self._ecr = ecr
        self._codebuild = codebuild
        self._logs = logs
        self._waiting = waiting
        self._tell = tell

    def provide(self, outputs: Mapping[str, str]) -> None:
        """Return once the image that the stack's outputs name is there. A build of it that runs is followed, and none
        is started beside it. Raises OperationError, with what the log says last."""
        repository = outputs["ImageRepository"].partition("/")[2]
        project, tag = outputs["ImageBuilder"], outputs["ImageTag"]
        if self._is_there(repository, tag):
            return
        build_id = self._running(project, tag)
        if build_id:
            self._tell("The build image is being made already.")
        else:
            self._tell("Making the build image, which takes a few minutes.")
            with asking("start the build of the image"):
                build_id = self._codebuild.start_build(projectName=project)["build"]["id"]
        self._follow(build_id)
        if not self._is_there(repository, tag):
            raise OperationError(f"The build image was made, but {repository}:{tag} is not there.", "Deploy again.")
        self._tell("The build image is there.")

    def _is_there(self, repository: str, tag: str) -> bool:
        with asking(f"look for the build image in {repository}"):
            try:
                found = self._ecr.describe_images(repositoryName=repository, imageIds=[{"imageTag": tag}])
            except self._ecr.exceptions.ImageNotFoundException:
                return False
        return bool(found["imageDetails"])

    def _running(self, project: str, tag: str) -> str:
        """Return the id of the build that makes this tag; empty where none runs."""
        with asking(f"list the builds of {project}"):
            ids = self._codebuild.list_builds_for_project(projectName=project, sortOrder="DESCENDING")["ids"][:_LATEST]
            found = self._codebuild.batch_get_builds(ids=ids)["builds"] if ids else []
        builds = map(ImageBuild.of, found)
        return next((each.id for each in builds if each.status == _IN_PROGRESS and each.tag == tag), "")

    def _follow(self, build_id: str) -> None:
        phase = ""

        def look() -> ImageBuild | None:
            nonlocal phase
            with asking("look at the build of the image"):
                build = ImageBuild.of(self._codebuild.batch_get_builds(ids=[build_id])["builds"][0])
            if build.phase != phase:
                phase = build.phase
                self._tell(f"  {phase.replace('_', ' ').lower()}")
            return None if build.status == _IN_PROGRESS else build

        ended = self._waiting.until(look, "the build image", every=10.0, most=_LONGEST_SECONDS)
        if ended is None:
            raise OperationError("The build image is still not made.", f"Look at {build_id} in CodeBuild.")
        if ended.status != _SUCCEEDED:
            raise self._failure(ended)

    def _failure(self, build: ImageBuild) -> OperationError:
        log = self._last_lines(build)
        where = f" in its phase {build.failed_phase}" if build.failed_phase else ""
        said = [f"The build of the image ended as {build.status}{where}: {build.why or 'CodeBuild says no more.'}"]
        said += [f"  {line}" for line in log]
        return OperationError("\n".join(said), remedy_for(build, log))

    def _last_lines(self, build: ImageBuild) -> list[str]:
        if not (build.log_group and build.log_stream):
            return []
        try:
            with asking("read the log of the build"):
                events = self._logs.get_log_events(
                    logGroupName=build.log_group,
                    logStreamName=build.log_stream,
                    limit=_LOG_LINES,
                    startFromHead=False,
                )["events"]
        except OperationError as error:
            return [error.message]  # the failure of the build is what matters
        return [line for event in events if (line := event["message"].rstrip())]
