"""New projects and deployments, drafted so that one transaction writes them and holds to all that they rest on."""

from collections.abc import Iterable
from datetime import datetime

from battleshiper.platform.database.moment import to_microseconds
from battleshiper.platform.model.access import Grant, RepositoryFacts
from battleshiper.platform.model.deployment import Deployment, State
from battleshiper.platform.store.dynamodb.access_row import add_facts, add_grant
from battleshiper.platform.store.dynamodb.deployment_row import created
from battleshiper.platform.store.dynamodb.deployment_row import to_row as to_deployment_row
from battleshiper.platform.store.dynamodb.order import Order, position_of
from battleshiper.platform.store.dynamodb.project_row import to_row as to_project_row
from battleshiper.platform.store.dynamodb.pull_row import add_pulls
from battleshiper.platform.store.dynamodb.snapshot import Snapshot
from battleshiper.platform.store.dynamodb.table import (
    LISTING,
    POSITION,
    SORT,
    branch_kind,
    branch_pointer,
    failure_key,
    label_key,
    label_pointer,
    number_pointer,
    project_key,
    repository_key,
    root_attribute,
    shard_of,
    unfinished_key,
)
from battleshiper.platform.store.dynamodb.transaction import IS_NEW, Transaction
from battleshiper.platform.store.dynamodb.values import Value, keyed, setting
from battleshiper.platform.store.port import Acceptance, ConflictError, MissingError, NewDeployment, NewProject

_UNCHANGED = "#revision = :seen"
_STILL_NEW = "attribute_not_exists(#revision)"


class Draft:
    """Adds to a transaction. Nothing may be added after `hold`."""

    def __init__(self, snapshot: Snapshot, transaction: Transaction, order: Order, now: datetime) -> None:
        self._snapshot = snapshot
        self._transaction = transaction
        self._order = order
        self._now = now
        self._new_projects: dict[str, dict[str, Value | None]] = {}
        self._roots: dict[int, dict[str, str]] = {}
        self._numbers: dict[str, int] = {}
        self._changed_repositories: set[int] = set()

    def add_project(self, new: NewProject) -> bool:
        """Create a project under the first of its names that is free, unless its repository and root directory have
        one; tell whether it was. Raises ConflictError when no name is free."""
        root = root_attribute(new.root_directory)
        if root in {**self._snapshot.repository(new.repository_id), **self._roots.get(new.repository_id, {})}:
            return False
        name = self._free_name(new)
        self._roots.setdefault(new.repository_id, {})[root] = new.id
        self._new_projects[new.id] = to_project_row(new, name, to_microseconds(self._now))
        self._numbers[new.id] = 0
        self._transaction.put(keyed(label_key(name), {"project_id": new.id, "label": name, "named": True}), IS_NEW)
        self._transaction.put(keyed(label_pointer(new.id, name)))
        return True

    def add_deployment(self, new: NewDeployment) -> Deployment:
        """Create a deployment with the project's next number. Raises MissingError without its project."""
        deployment = created(new, self._next_number(new.project_id), self._now)
        position, branch = self._order.next(), deployment.commit.branch
        taken = ConflictError(f"there is a deployment {new.id!r} already")
        self._transaction.put(to_deployment_row(deployment, position), IS_NEW, refusal=taken)
        self._transaction.put(keyed(number_pointer(new.project_id, deployment.number, new.id)))
        listing = {LISTING: shard_of(branch_kind(branch), new.id), POSITION: position}
        self._transaction.put(keyed(branch_pointer(new.project_id, branch, deployment.number, new.id), listing))
        if not new.state.is_final:
            self._transaction.put(keyed(unfinished_key(new.id)))
        elif new.state is not State.READY:
            self._transaction.put(keyed(failure_key(position_of(self._now), new.id)))
        return deployment

    def add_pulls(self, acceptance: Acceptance) -> None:
        """Keep what is new of pull requests and retired branches."""
        ids = {pull.repository_id for pull in acceptance.pulls}
        ids |= {retirement.repository_id for retirement in acceptance.retirements}
        ids |= {repository_id for repository_id, _ in acceptance.brought_back}
        for repository_id in ids:
            self._change_repository(repository_id)
        add_pulls(self._transaction, acceptance)

    def add_accesses(self, grants: Iterable[Grant], repositories: Iterable[RepositoryFacts]) -> None:
        """Keep what is new of grants and repositories."""
        for grant in grants:
            self._change_repository(grant.repository_id)
            add_grant(self._transaction, self._snapshot.rows, grant)
        for facts in repositories:
            self._change_repository(facts.id)
            add_facts(self._transaction, self._snapshot.rows, facts)

    def hold(self) -> None:
        """Add the projects and repositories themselves, and the conditions that none of those that were read has
        changed meanwhile."""
        for project_id, project in self._new_projects.items():
            taken = ConflictError(f"there is a project {project_id!r} already")
            self._transaction.put({**project, "last_number": self._numbers[project_id]}, IS_NEW, refusal=taken)
        for project_id, row in self._snapshot.projects.items():
            if row is not None:
                self._hold_project(project_id, row["revision"])
        for repository_id, repository in self._snapshot.repositories.items():
            self._hold_repository(repository_id, repository.get("revision"))

    def _change_repository(self, repository_id: int) -> None:
        self._snapshot.repository(repository_id)
        self._changed_repositories.add(repository_id)

    def _free_name(self, new: NewProject) -> str:
        keys = {name: label_key(name) for name in new.names}
        taken = {row[SORT] for row in self._snapshot.rows.find_all(keys.values())}
        taken |= {label_key(str(project["name"]))[1] for project in self._new_projects.values()}
        for name, (_, label) in keys.items():
            if label not in taken:
                return name
        raise ConflictError(f"every name for the project of {new.repository} is taken: {', '.join(new.names)}")

    def _next_number(self, project_id: str) -> int:
        if project_id not in self._numbers:
            project = self._snapshot.project(project_id)
            if project is None:
                raise MissingError("project", project_id)
            self._numbers[project_id] = project["last_number"]
        self._numbers[project_id] += 1
        return self._numbers[project_id]

    def _hold_project(self, project_id: str, revision: int) -> None:
        key, seen = project_key(project_id), {"seen": revision}
        if project_id in self._numbers:
            change = "SET #last_number = :number ADD #revision :one"
            values = {**seen, "number": self._numbers[project_id], "one": 1}
            self._transaction.update(key, change, _UNCHANGED, values)
        else:
            self._transaction.check(key, _UNCHANGED, seen)

    def _hold_repository(self, repository_id: int, revision: int | None) -> None:
        key, roots = repository_key(repository_id), self._roots.get(repository_id, {})
        condition, seen = (_STILL_NEW, {}) if revision is None else (_UNCHANGED, {"seen": revision})
        if roots or repository_id in self._changed_repositories:
            change = f"{setting(roots)} ADD #revision :one" if roots else "ADD #revision :one"
            self._transaction.update(key, change, condition, {**seen, **roots, "one": 1})
        else:
            self._transaction.check(key, condition, seen)
