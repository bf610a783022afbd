"""A project: one site, built from one root directory of one repository."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Surface(StrEnum):
    """Where GitHub shows people how a deployment stands."""

    STATUS = "status"
    DEPLOYMENT = "deployment"
    COMMENT = "comment"


ALL_SURFACES = frozenset(Surface)


@dataclass(frozen=True, slots=True)
class Installation:
    """The App installed on a GitHub account (user or organisation)."""

    id: int
    account_id: int
    account: str


@dataclass(frozen=True, slots=True)
class Project:
    """One site.

    `name` is the label of the production hostname and never changes by itself; `repository` is GitHub's
    `owner/name`, which may change, so everything is looked up by `repository_id`.
    """

    id: str
    name: str
    installation_id: int
    account_id: int
    repository_id: int
    repository: str
    production_branch: str | None
    """None until GitHub has told us the repository's default branch."""
    root_directory: str
    """Where the site lies in the repository, without slashes at the ends; empty for the top."""
    created_at: datetime
    surfaces: frozenset[Surface] = ALL_SURFACES
    """Where its deployments are shown on GitHub."""
