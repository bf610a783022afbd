"""Forks: repositories that begin as a copy of another."""

from battleshiper.infra.local.github.git.refs import copy_refs, create_repository, list_refs, point_head
from battleshiper.infra.local.github.records.accounts import Account
from battleshiper.infra.local.github.records.database import Database
from battleshiper.infra.local.github.records.repositories import NameTakenError, Repositories, Repository


class Forks:
    """Makes forks. The App is not installed on them, so nobody is told."""

    def __init__(self, database: Database, repositories: Repositories) -> None:
        self._database = database
        self._repositories = repositories

    def make(self, parent: Repository, owner: Account, name: str) -> Repository:
        """Fork `parent` for `owner`; return the fork that there is, if there is one.

        Raises NameRefusedError and NameTakenError.
        """
        there = self._repositories.relative(parent, owner)
        if there and there.id == parent.id:
            raise NameTakenError(name)
        if there:
            return there
        with self._database.transaction():
            fork = self._repositories.fork(parent, owner, name)
            create_repository(fork.folder)
            copy_refs(fork.folder, parent.folder)
            point_head(fork.folder, parent.default_branch)
            self._repositories.record_refs(fork, list_refs(fork.folder), parent.default_branch)
        return self._repositories.reload(fork)
