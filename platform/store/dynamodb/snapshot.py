"""What a step has read of projects and repositories, so that its transaction can hold to it."""

from collections.abc import Iterable, Iterator

from battleshiper.platform.store.dynamodb.rows import Rows
from battleshiper.platform.store.dynamodb.table import (
    SORT,
    branch_prefix,
    deployment_key,
    project_key,
    project_partition,
    repository_key,
    target_of,
)
from battleshiper.platform.store.dynamodb.values import Row


class Snapshot:
    """Reads each project and each repository once. What hangs on a project is read after its row, whose `revision`
    then stands for all of it."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.repositories: dict[int, Row] = {}
        """Every repository that was read; empty for one that has no row yet."""
        self.projects: dict[str, Row | None] = {}
        """Every project that was read; None for one that is not there."""

    def repository(self, repository_id: int) -> Row:
        """Return a repository's row, an empty one when it has none."""
        if repository_id not in self.repositories:
            self.repositories[repository_id] = self.rows.find(repository_key(repository_id)) or {}
        return self.repositories[repository_id]

    def project(self, project_id: str) -> Row | None:
        """Return a project's row."""
        self.load([project_id])
        return self.projects[project_id]

    def load(self, project_ids: Iterable[str]) -> None:
        """Read those projects that were not read yet."""
        missing = [each for each in dict.fromkeys(project_ids) if each not in self.projects]
        found = {row["id"]: row for row in self.rows.find_all(project_key(each) for each in missing)}
        self.projects |= {each: found.get(each) for each in missing}

    def projects_of(self, repository_id: int) -> list[Row]:
        """Return the rows of a repository's projects."""
        ids = [value for name, value in self.repository(repository_id).items() if name.startswith("root_")]
        self.load(ids)
        return [row for each in ids if (row := self.projects[each])]

    def branch(self, project_id: str, branch: str, page: int) -> Iterator[Row]:
        """Yield the rows of a branch's deployments, newest first, `page` at a time."""
        self.load([project_id])
        pointers = self.rows.below(project_partition(project_id), branch_prefix(branch), newest_first=True, page=page)
        return self.rows.find_all((deployment_key(target_of(pointer[SORT])) for pointer in pointers), batch=page)

    def part(self, project_ids: Iterable[str]) -> "Snapshot":
        """Return what of this concerns some of the projects: all repositories, and these projects' rows."""
        part = Snapshot(self.rows)
        part.repositories = dict(self.repositories)
        part.projects = {each: self.projects[each] for each in project_ids if each in self.projects}
        return part
