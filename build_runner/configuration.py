"""What the builder tells the runner: see docs/architecture.md, "Build runner"."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from battleshiper.build_runner.failure import RunnerError


@dataclass(frozen=True, slots=True)
class Configuration:
    """Where to spend the claim and where to work."""

    claim_url: str
    claim: str = field(repr=False)
    work: Path
    cache: Path
    is_unsafe: bool
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
        is_unsafe=is_unsafe(environment),
        attempt=_attempt(environment),
    )


def is_unsafe(environment: Mapping[str, str]) -> bool:
    """Tell whether commands run without a sandbox."""
    return environment.get("BATTLESHIPER_UNSAFE_BUILDS") == "1"


def _attempt(environment: Mapping[str, str]) -> int:
    told = environment.get("AWS_BATCH_JOB_ATTEMPT", "1")
    if not told.isdecimal():
        raise RunnerError(f"AWS_BATCH_JOB_ATTEMPT is {told!r}, which is not a number.")
    return int(told)
