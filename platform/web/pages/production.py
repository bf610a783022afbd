"""What a project's production site shows now, and why."""

from dataclasses import dataclass

from battleshiper.platform.model.deployment import Deployment, Environment
from battleshiper.platform.model.hostname import production_label
from battleshiper.platform.model.project import Project
from battleshiper.platform.store.port import MissingError, Store


@dataclass(frozen=True, slots=True)
class Production:
    """The deployment that is live."""

    deployment: Deployment
    newest: int
    """The number of the newest that was published there."""

    @property
    def why(self) -> str:
        """Why this one is shown, where a person's wish made it so; else empty."""
        if self.deployment.environment is Environment.PREVIEW:
            return "A preview that was promoted."
        if self.deployment.number < self.newest:
            return f"Shown again: #{self.newest} was live after it."
        return ""


def find_production(store: Store, project: Project) -> Production | None:
    """Return what is live, None where nothing is yet."""
    label = production_label(project.name)
    for alias in store.aliases(project.id):
        if alias.label == label:
            try:
                return Production(store.deployment(alias.deployment_id), alias.newest)
            except MissingError:  # removed a moment ago
                return None
    return None
