"""Installing: what the owner does with the App."""

from collections.abc import Mapping

from battleshiper.infra.local.github.events.announcements import Announcements
from battleshiper.infra.local.github.records.archive import Archive
from battleshiper.infra.local.github.records.repositories import Repository
from battleshiper.infra.local.github.settings import GitHubSettings


class Installing:
    """Changes the installation, and announces each change. Nothing happens where nothing changes."""

    def __init__(self, settings: GitHubSettings, archive: Archive, announcements: Announcements) -> None:
        self._settings = settings
        self._archive = archive
        self._registration = archive.registration
        self._announcements = announcements

    def install(self) -> None:
        """Install the App on all of the owner's repositories."""
        with self._archive.database.transaction():
            if self._registration.record():
                repositories = [self._archive.repositories.change(one, installed=True) for one in self._owned()]
                self._announcements.installation_changed("created", repositories)

    def suspend(self) -> None:
        """Let the App do nothing and hear nothing for now."""
        with self._archive.database.transaction():
            if self._registration.is_installed and self._registration.suspend():
                self._announcements.installation_changed("suspend", self._installed())

    def unsuspend(self) -> None:
        """Let the App go on."""
        with self._archive.database.transaction():
            if self._registration.is_installed and self._registration.unsuspend():
                self._announcements.installation_changed("unsuspend", self._installed())

    def uninstall(self) -> None:
        """End the installation, and its tokens."""
        with self._archive.database.transaction():
            if self._registration.is_installed:
                self._announcements.installation_changed("deleted", self._installed())
                self._registration.forget()
                self._archive.tokens.revoke_all()

    def accept(self, permissions: Mapping[str, str]) -> None:
        """Grant the App more, or less, until the stand-in ends."""
        with self._archive.database.transaction():
            if self._registration.is_installed:
                self._settings.permissions = {**self._settings.permissions, **permissions}
                self._announcements.installation_changed("new_permissions_accepted", self._installed())

    def add(self, repository: Repository) -> None:
        """Let the App have a repository."""
        if not repository.installed:
            with self._archive.database.transaction():
                repository = self._archive.repositories.change(repository, installed=True)
                self._announcements.repositories_changed(added=[repository])

    def remove(self, repository: Repository) -> None:
        """Take a repository from the App, which has chosen ones only from then on: new ones stay out."""
        if repository.installed:
            with self._archive.database.transaction():
                self._registration.select()
                repository = self._archive.repositories.change(repository, installed=False)
                self._announcements.repositories_changed(removed=[repository])

    def _owned(self) -> list[Repository]:
        owner = self._archive.accounts.owner
        return [repository for repository in self._archive.repositories.all() if repository.owner == owner]

    def _installed(self) -> list[Repository]:
        return [repository for repository in self._archive.repositories.all() if repository.installed]
