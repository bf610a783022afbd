"""Changes what a project is told of its build and its branches, by a person's wish."""

from typing import Any

from battleshiper.platform.model.project import Project
from battleshiper.platform.model.setting_rules import change_settings
from battleshiper.platform.store.port import Projects


class SettingsDesk:
    """Checks the changes and keeps them. They count from the next deployment on."""

    def __init__(self, store: Projects) -> None:
        self._store = store

    def change(self, project: Project, changes: dict[str, Any]) -> Project:
        """Change some settings; None takes one back. Raises SettingRefusedError, and nothing is changed."""
        return self._store.set_settings(project.id, change_settings(project.settings, changes))
