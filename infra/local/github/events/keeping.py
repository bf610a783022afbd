"""Keeping repositories: renamed, transferred, shown or hidden, archived and deleted."""

from shutil import rmtree

from battleshiper.infra.local.github.events.announcements import Announcements
from battleshiper.infra.local.github.events.pulls import PullRequests
from battleshiper.infra.local.github.git.refs import point_head
from battleshiper.infra.local.github.records.accounts import Account, Accounts
from battleshiper.infra.local.github.records.database import Database
from battleshiper.infra.local.github.records.registration import Registration
from battleshiper.infra.local.github.records.repositories import Repositories, Repository
from battleshiper.infra.local.github.shapes.shape import Shape


class Keeping:
    """Changes repositories, and announces each change. `by` is who does it; nothing happens where nothing changes."""

    def __init__(
        self,
        database: Database,
        accounts: Accounts,
        repositories: Repositories,
        registration: Registration,
        announcements: Announcements,
        pulls: PullRequests,
    ) -> None:
        self._database = database
        self._accounts = accounts
        self._repositories = repositories
        self._registration = registration
        self._announcements = announcements
        self._pulls = pulls

    def rename(self, repository: Repository, name: str, by: Account) -> Repository:
        """Give it another name; the old one leads to it. Raises NameRefusedError and NameTakenError."""
        if name == repository.name:
            return repository
        with self._database.transaction():
            renamed = self._repositories.move(repository, repository.owner, name)
            changes: Shape = {"repository": {"name": {"from": repository.name}}}
            self._announcements.repository_changed(renamed, "renamed", by, changes=changes)
        return renamed

    def transfer(self, repository: Repository, owner: Account, by: Account) -> Repository:
        """Give it to another account; raises NameTakenError. That it was transferred is told at its new place only.

        https://docs.github.com/en/webhooks/webhook-events-and-payloads#repository
        """
        if owner == repository.owner:
            return repository
        with self._database.transaction():
            moved = self._repositories.move(repository, owner, repository.name)
            comes = owner == self._accounts.owner and not self._registration.installation.selected
            moved = self._repositories.change(moved, installed=comes)
            if repository.installed:
                self._announcements.repositories_changed(removed=[repository])
            if comes:
                self._announcements.repositories_changed(added=[moved])
                self._announcements.transferred(moved, repository.owner, by)
        return moved

    def set_private(self, repository: Repository, by: Account, *, private: bool) -> Repository:
        """Hide it from strangers, or show it to everybody."""
        if private == repository.private:
            return repository
        with self._database.transaction():
            repository = self._repositories.change(repository, private=private)
            self._announcements.repository_changed(repository, "privatized" if private else "publicized", by)
        return repository

    def set_archived(self, repository: Repository, by: Account, *, archived: bool) -> Repository:
        """Make it read-only, or no longer so."""
        if archived == repository.archived:
            return repository
        with self._database.transaction():
            repository = self._repositories.change(repository, archived=archived)
            self._announcements.repository_changed(repository, "archived" if archived else "unarchived", by)
        return repository

    def set_default_branch(self, repository: Repository, branch: str, by: Account) -> Repository:
        """Choose the branch that a clone checks out, one that there is."""
        if branch == repository.default_branch:
            return repository
        point_head(repository.folder, branch)
        with self._database.transaction():
            before: Shape = {"default_branch": {"from": repository.default_branch}}
            repository = self._repositories.set_default_branch(repository, branch)
            self._announcements.repository_changed(repository, "edited", by, changes=before)
        return repository

    def delete(self, repository: Repository, by: Account) -> None:
        """Remove it with all that belongs to it. Forks stay, and pull requests out of it are closed."""
        with self._database.transaction():
            self._pulls.abandon(repository, by)
            self._repositories.delete(repository)
            self._announcements.repository_changed(repository, "deleted", by)
            if repository.installed:
                self._announcements.repositories_changed(removed=[repository])
        rmtree(repository.folder, ignore_errors=True)
