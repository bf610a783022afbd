"""What a build ended with. The runner uploads it last, as `result.json` below its prefix."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from battleshiper.platform.model.manifest import Manifest

RESULT_KEY = "result.json"
MAX_RESULT_BYTES = 32 * 1024**2


class FailureCode(StrEnum):
    """What went wrong, for programs; people read the message."""

    SOURCE = "source"
    SETTINGS = "settings"
    DETECTION = "detection"
    INSTALL = "install"
    BUILD = "build"
    OUTPUT = "output"
    TIMEOUT = "timeout"
    OUT_OF_MEMORY = "out_of_memory"
    DISK = "disk"
    PLATFORM = "platform"
    """Not the repository's fault: worth another attempt."""


class BuildFailure(BaseModel):
    """Why a build failed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: FailureCode
    message: str
    """One sentence with the cause, e.g. `npm run build ended with exit code 1.`"""
    hint: str = ""
    """One sentence with what to do next."""


class BuildTimings(BaseModel):
    """How long each phase took, in milliseconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fetch: int = 0
    install: int = 0
    build: int = 0
    collect: int = 0
    upload: int = 0


class BuildResult(BaseModel):
    """Success has a manifest, failure has a failure, a skip says why; never two of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    deployment_id: str
    manifest: Manifest | None = None
    failure: BuildFailure | None = None
    skipped: str = ""
    """Why the commit was not built, by the repository's own rules, as one sentence; otherwise empty."""
    framework: str = ""
    """`sveltekit`, `static` (a build script with an output directory) or `files`."""
    package_manager: str = ""
    node_version: str = ""
    is_portable: bool = False
    """Whether it would be the same for another commit with the same files: it was told no variables, and nothing in the
    files speaks of what else a build is told, as which branch it is."""
    spa_fallback: str | None = None
    """Path below `client/` of the page that answers every unknown path of a single-page app, if there is one."""
    timings: BuildTimings = BuildTimings()
