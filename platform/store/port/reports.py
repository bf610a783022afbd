"""What GitHub has been told."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Report:
    """What the bot has told GitHub about a deployment. `github_deployment_id` is None before it made one."""

    deployment_id: str
    version: int
    """The deployment's version that GitHub shows; 0 before the first report."""
    github_deployment_id: int | None


class Reports(Protocol):
    """What GitHub has been told."""

    def report(self, deployment_id: str) -> Report:
        """Return what was reported, a fresh Report when nothing was."""
        ...

    def save_report(self, report: Report) -> None:
        """Remember what was reported; a lower version never replaces a higher one. Nothing is kept of a deployment
        that is gone."""
        ...
