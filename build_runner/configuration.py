"""What the builder tells the runner: see docs/architecture.md, "Build runner"."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from battleshiper.build_runner.failure import RunnerError

_OURS = ("BATTLESHIPER_", "AWS_BATCH_", "AWS_CONTAINER_", "ECS_")


class SandboxKind(StrEnum):
    """Where the tenant's commands run."""

    BUBBLEWRAP = "bubblewrap"
    CONTAINER = "container"
    """In the container that the runner itself is in, as another user."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Configuration:
    """Where to spend the claim and where to work."""

    claim_url: str
    claim: str = field(repr=False)
    work: Path
    cache: Path
    sandbox: SandboxKind
    attempt: int = 1
    """Counted by Batch, which runs a job again as it was when its machine was lost."""


def read_configuration(environment: Mapping[str, str]) -> Configuration:
    """Read the environment; raises RunnerError that names what is missing."""
    names = ("BATTLESHIPER_CLAIM_URL", "BATTLESHIPER_CLAIM", "BATTLESHIPER_WORK_DIR", "BATTLESHIPER_CACHE_DIR")
    missing = [name for name in names if not environment.get(name)]
    if missing:
        raise RunnerError(f"The build runner is started by the platform, and {', '.join(missing)} must be set.")
    url, claim, work, cache = (environment[name] for name in names)
    if not Path(work).is_dir():
        raise RunnerError(f"BATTLESHIPER_WORK_DIR is {work}, which is not a folder.")
    return Configuration(
        claim_url=url,
        claim=claim,
        # Absolute without links, because commands run elsewhere.
        work=Path(work).resolve(),
        cache=Path(cache).resolve(),
        sandbox=sandbox_kind(environment),
        attempt=_attempt(environment),
    )


def others(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without what is for the runner alone, the container service's addresses among it."""
    return {name: value for name, value in environment.items() if not name.startswith(_OURS)}


def sandbox_kind(environment: Mapping[str, str]) -> SandboxKind:
    """Return where commands run; raises RunnerError for a kind that there is not."""
    if environment.get("BATTLESHIPER_UNSAFE_BUILDS") == "1":
        return SandboxKind.NONE
    told = environment.get("BATTLESHIPER_SANDBOX", SandboxKind.BUBBLEWRAP)
    if told not in (SandboxKind.BUBBLEWRAP, SandboxKind.CONTAINER):
        raise RunnerError(f"BATTLESHIPER_SANDBOX is {told!r}; it may be bubblewrap or container.")
    return SandboxKind(told)


def _attempt(environment: Mapping[str, str]) -> int:
    told = environment.get("AWS_BATCH_JOB_ATTEMPT", "1")
    if not told.isdecimal():
        raise RunnerError(f"AWS_BATCH_JOB_ATTEMPT is {told!r}, which is not a number.")
    return int(told)
