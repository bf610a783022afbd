"""Custom aliases: hostnames that a project holds beside its own, and what each follows."""

from dataclasses import dataclass
from datetime import datetime

from battleshiper.platform.model.hostname import branch_label, is_project_name, production_label
from battleshiper.platform.model.project import Project

RULE = (
    "up to 40 of a-z, 0-9 and single hyphens, and neither reserved nor with -git or eight hexadecimal digits at its end"
)
"""For project names and custom aliases alike, which share the hostnames below the sites' domain."""


@dataclass(frozen=True, slots=True)
class CustomAlias:
    """A label that shows what the production site does, or a branch's. No other project may hold it meanwhile."""

    label: str
    project_id: str
    account_id: int
    """Whose limit it counts for."""
    branch: str | None
    """None for production."""
    held_at: datetime
    is_released: bool = False
    """True while its route may be left, which goes before another may hold the label."""

    def followed(self, project: Project) -> str:
        """Return the label whose deployment it shows."""
        return production_label(project.name) if self.branch is None else branch_label(project.name, self.branch)


def check_alias(label: str) -> str:
    """Return a label that a project may hold; raises ValueError, which says the rule."""
    if not is_project_name(label):
        raise ValueError(f"{label[:80]!r} cannot be an alias: {RULE}.")
    return label
