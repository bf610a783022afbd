"""Build hooks, which end with their project."""

from datetime import datetime
from typing import Protocol

from battleshiper.platform.model.hook import Hook


class Hooks(Protocol):
    """Build hooks by project and id."""

    def hooks(self, project_id: str) -> list[Hook]:
        """Return a project's hooks, oldest first."""
        ...

    def hook(self, project_id: str, hook_id: str) -> Hook:
        """Return a hook; raises MissingError."""
        ...

    def add_hook(self, hook: Hook) -> None:
        """Keep a new hook. Raises MissingError without the project."""
        ...

    def note_hook_use(self, hook: Hook, at: datetime) -> None:
        """Remember when a hook was used; nothing is done for one that is gone."""
        ...

    def remove_hook(self, project_id: str, hook_id: str) -> bool:
        """Forget a hook; False when there is none."""
        ...
