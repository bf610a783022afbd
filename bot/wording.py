"""What people read on GitHub."""

import unicodedata

from battleshiper.platform.model.deployment import Deployment, Environment, State

MAX_DESCRIPTION = 140
"""GitHub's limit for the description of a commit status and of a Deployment's status."""
_ELLIPSIS = "…"
_UNREADABLE = "\N{REPLACEMENT CHARACTER}"

WORDS = {
    State.AWAITING_APPROVAL: "Waiting for a maintainer: comment /deploy",
    State.QUEUED: "Queued",
    State.BUILDING: "Building",
    State.DEPLOYING: "Deploying",
    State.READY: "Ready",
    State.FAILED: "Failed: the log says why",
    State.CANCELED: "Canceled",
    State.SUPERSEDED: "Superseded by a newer push",
    State.SKIPPED: "Skipped",
}
REPLACED = "Replaced by a newer deployment"
RETIRED = "Retired with its branch or pull request"
EXPIRED = "Expired: redeploy builds it again"


def describe(deployment: Deployment) -> str:
    """Return one line about a deployment: its reason where it has one, else its state."""
    if deployment.expired_at is not None:
        return EXPIRED
    if deployment.reason.strip():
        return fit(deployment.reason)
    words = WORDS[deployment.state]
    if deployment.state is State.READY and deployment.finished_at is not None:
        words += f" in {duration((deployment.finished_at - deployment.created_at).total_seconds())}"
    return words


def status_context(project_name: str) -> str:
    """Return the name of a project's commit status, which branch protection rules may require."""
    return f"battleshiper/{project_name}"


def environment_name(environment: Environment, project_name: str, *, is_alone: bool) -> str:
    """Return the name of the GitHub environment; projects that share a repository have environments of their own."""
    return environment.value if is_alone else f"{environment.value} – {project_name}"  # noqa: RUF001 - a dash is meant


def fit(text: str) -> str:
    """Return `text` as GitHub takes it: one line of at most 140 characters, cut between words, and none of the
    characters that take four bytes in UTF-8, for which GitHub refuses a whole description."""
    line = " ".join("".join(_readable(character) for character in text).split())
    if len(line) <= MAX_DESCRIPTION:
        return line
    kept = line[:MAX_DESCRIPTION]  # one character too many: a space there means that a word ends before it
    cut = kept.rfind(" ")
    return (kept[:cut] if cut > 0 else kept[:-1]).rstrip(" ,;:") + _ELLIPSIS


def _readable(character: str) -> str:
    category = unicodedata.category(character)
    if character.isspace() or category == "Cc":
        return " "
    return _UNREADABLE if ord(character) > 0xFFFF or category == "Cs" else character


def duration(seconds: float) -> str:
    """Return how long something took, for people."""
    whole = max(0, round(seconds))
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"
