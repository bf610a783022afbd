"""What a project is told of its build and its branches, by its owner. Everything is optional: the rest is detected.
`setting_rules` has the rules; here is what is light enough for whoever only reads it."""

import json
from dataclasses import asdict, dataclass, fields
from enum import StrEnum


class PreviewPolicy(StrEnum):
    """Which branches other than production are deployed."""

    ALL = "all"
    PULL_REQUESTS = "pull_requests"
    """Those that have an open pull request."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class BuildSettings:
    """How a site is built; None where that is detected."""

    install_command: str | None = None
    """Run by `sh`; empty for no install."""
    build_command: str | None = None
    """Run by `sh`; empty for no build."""
    output_directory: str | None = None
    """What the build leaves for a static site, below the root directory."""
    node_version: str | None = None
    spa_fallback: str | None = None
    """The page that answers every unknown path of a single-page app, below the output directory."""


@dataclass(frozen=True, slots=True)
class ProjectSettings(BuildSettings):
    """All that a project is told."""

    production_branch: str | None = None
    """None for the repository's default branch, whichever that is."""
    previews: PreviewPolicy = PreviewPolicy.ALL

    @property
    def build(self) -> BuildSettings:
        """What is for the build."""
        return BuildSettings(**{name: getattr(self, name) for name in BUILD_SETTINGS})


BUILD_SETTINGS = tuple(field.name for field in fields(BuildSettings))
"""The names of those."""
NO_BUILD_SETTINGS = BuildSettings()
NO_SETTINGS = ProjectSettings()


def told(settings: BuildSettings) -> dict[str, str]:
    """Return those that say something, by name."""
    untold = asdict(type(settings)())
    return {name: value for name, value in asdict(settings).items() if value != untold[name]}


def read_project_settings(kept: str | None) -> ProjectSettings:
    """Return what `write_project_settings` has made; nothing where nothing was kept."""
    values = json.loads(kept or "{}")
    return ProjectSettings(**{**values, "previews": PreviewPolicy(values.get("previews", PreviewPolicy.ALL))})


def write_project_settings(settings: ProjectSettings) -> str:
    """Return what a store keeps of settings."""
    return json.dumps(told(settings), separators=(",", ":"), ensure_ascii=False)
