"""One build of the build image in CodeBuild, as it stands, and what to do when it failed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

IN_PROGRESS = "IN_PROGRESS"
SUCCEEDED = "SUCCEEDED"


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
            (each for each in build.get("phases", ()) if each.get("phaseStatus", SUCCEEDED) not in _WELL), None
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


_WELL = (SUCCEEDED, IN_PROGRESS)
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


def remedy_for(build: ImageBuild, log: Sequence[str]) -> str:
    """Return what to do about a build that did not succeed."""
    text = "\n".join((build.why, *log)).lower()
    by_log = next((remedy for part, remedy in _BY_LOG if part in text), "")
    return _BY_STATUS.get(build.status) or _BY_PHASE.get(build.failed_phase) or by_log or _OTHERWISE
