"""What somebody may do in which repositories, as GitHub says."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Permission(StrEnum):
    """What somebody may do in a repository, the least first."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class ReachableRepository:
    """A repository that the App and somebody both may see."""

    id: int
    full_name: str
    permission: Permission

    @property
    def may_write(self) -> bool:
        """Whether they may push to it."""
        return self.permission is not Permission.READ


@dataclass(frozen=True, slots=True)
class Reach:
    """The repositories that the App and somebody both may see, by id, and what the person may do there."""

    permissions: Mapping[int, Permission]
    read_at: datetime
    """When GitHub was asked."""

    def may_see(self, repository_id: int) -> bool:
        """Tell whether they may read the repository."""
        return repository_id in self.permissions

    def may_write(self, repository_id: int) -> bool:
        """Tell whether they may push to the repository."""
        return self.permissions.get(repository_id) in (Permission.WRITE, Permission.ADMIN)


def write_permissions(permissions: Mapping[int, Permission]) -> str:
    """Return permissions as a short text, for the store."""
    by_permission = {
        permission.value: sorted(id_ for id_, given in permissions.items() if given is permission)
        for permission in Permission
    }
    return json.dumps(by_permission, separators=(",", ":"))


def read_permissions(text: str) -> dict[int, Permission]:
    """Return permissions from the text that they were written as."""
    return {id_: Permission(name) for name, ids in json.loads(text).items() for id_ in ids}
