"""What the build runner is told, in exchange for its one-time claim."""

from pydantic import BaseModel, ConfigDict, Field

from battleshiper.platform.model.settings import NO_BUILD_SETTINGS, BuildSettings

CLAIM_PATH = "/runner/claim"
"""Where they are asked for, below the platform's address."""
ATTEMPT_HEADER = "Battleshiper-Attempt"
"""In the request for the instructions: which attempt at the build this is, counted from 1, where the machine counts."""


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SourceInstructions(_Wire):
    """Where the commit is, and the token that reads this one repository (contents:read)."""

    clone_url: str
    sha: str
    token: str = Field(repr=False)


class UploadGrant(_Wire):
    """Leave to upload below `prefix`, shaped like an S3 presigned POST.

    Each file is one `multipart/form-data` POST to `url` with `fields`, then `key` (which must start with
    `prefix`), `Content-Type`, `x-amz-checksum-sha256` (base64) and last `file`
    (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTForms.html). 204 means stored.
    """

    url: str = Field(repr=False)
    fields: dict[str, str] = Field(repr=False)
    prefix: str


class BuildLimits(_Wire):
    """What one build may use."""

    seconds: int = 600
    """Wall clock of install and build together."""
    memory_bytes: int = 2 * 1024**3
    processes: int = 512
    work_bytes: int = 5 * 1024**3
    """Disk for the checkout, the packages and the output."""
    log_bytes: int = 4 * 1024**2
    output_files: int = 20_000
    output_file_bytes: int = 100 * 1024**2
    """The largest single file."""
    output_bytes: int = 500 * 1024**2
    function_bytes: int = 50 * 1024**2
    """The packed function; Lambda takes 50 MB zipped in a direct upload."""


class Instructions(_Wire):
    """All that one build needs to know. Answer to `POST` of the claim."""

    deployment_id: str
    project_id: str
    project_name: str
    environment: str
    """`production` or `preview`."""
    branch: str
    is_outside: bool = False
    """Whether somebody who may not push wrote it: what it leaves is read by nothing that is trusted."""
    source: SourceInstructions
    root_directory: str = ""
    settings: BuildSettings = NO_BUILD_SETTINGS
    """What the project was told of its build. The repository's own file goes before it."""
    may_skip: bool = False
    """Whether the repository's own rules may end the build before it begins: not where somebody asked for it."""
    heeds_message: bool = False
    """Whether the commit's message is among those rules: nobody has looked for a marker in it yet."""
    live_sha: str | None = None
    """The commit that is served where this one would be, which those rules compare with; None without one."""
    variables: dict[str, str] = Field(default_factory=dict, repr=False)
    """Environment variables the project wants in its build."""
    secrets: tuple[str, ...] = Field(default=(), repr=False)
    """Values that must not appear in the log, besides the tokens in here."""
    limits: BuildLimits = BuildLimits()
    uploads: UploadGrant
