"""Accesses in DynamoDB."""

from collections.abc import Sequence

from battleshiper.platform.model.access import Grant, RepositoryFacts, followed
from battleshiper.platform.model.project import Installation, Project
from battleshiper.platform.store.dynamodb.access_row import (
    add_installation,
    find_facts,
    find_grants,
    held_installations,
)
from battleshiper.platform.store.dynamodb.draft import Draft
from battleshiper.platform.store.dynamodb.part import DynamoPart
from battleshiper.platform.store.dynamodb.project_row import to_project
from battleshiper.platform.store.dynamodb.snapshot import Snapshot
from battleshiper.platform.store.dynamodb.table import project_key, repository_key
from battleshiper.platform.store.dynamodb.transaction import Transaction
from battleshiper.platform.store.dynamodb.values import Values, setting
from battleshiper.platform.store.port import MissingError


class DynamoAccesses(DynamoPart):
    """See `Accesses` in `store.port`."""

    def learn(
        self,
        *,
        installations: Sequence[Installation] = (),
        grants: Sequence[Grant] = (),
        repositories: Sequence[RepositoryFacts] = (),
    ) -> None:
        """Remember what GitHub answered, where nothing newer is known."""

        def learn() -> None:
            transaction = Transaction()
            for installation in installations:
                add_installation(transaction, self._rows, installation)
            draft = Draft(Snapshot(self._rows), transaction, self._order, self._clock())
            draft.add_accesses(grants, repositories)
            draft.hold()
            self._rows.commit(transaction)

        self._again(learn)

    def follow(self, project_id: str) -> Project:
        """Let a project be as what is known of its repository says; raises MissingError."""
        return self._again(lambda: self._follow(project_id))

    def _follow(self, project_id: str) -> Project:
        snapshot, transaction = Snapshot(self._rows), Transaction()
        row = snapshot.project(project_id)
        if row is None:
            raise MissingError("project", project_id)
        before = to_project(row)
        repository = snapshot.repository(before.repository_id)
        grants = find_grants(self._rows, before.repository_id)
        ids = {before.installation_id, *(grant.installation_id for grant in grants)}
        installations = held_installations(transaction, self._rows, ids)
        after = followed(before, grants, installations, find_facts(self._rows, before.repository_id))
        if after == before:
            return before
        values: Values = {
            "installation_id": after.installation_id,
            "account_id": after.account_id,
            "repository": after.repository,
            "access": after.access.value,
        }
        if after.production_branch is not None:
            values = {**values, "production_branch": after.production_branch}
        change = f"{setting(values)} ADD #revision :one"
        numbers = {"one": 1, "seen": row["revision"]}
        transaction.update(project_key(project_id), change, "#revision = :seen", {**values, **numbers})
        transaction.check(
            repository_key(before.repository_id), "#revision = :seen", {"seen": repository.get("revision", 0)}
        )
        self._rows.commit(transaction)
        return after
