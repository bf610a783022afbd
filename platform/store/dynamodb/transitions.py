"""How a deployment's state changes: by version, forward only, and with one event."""

from battleshiper.platform.model.deployment import Deployment, State
from battleshiper.platform.model.event import Event
from battleshiper.platform.store.change import changed
from battleshiper.platform.store.dynamodb.deployment_row import changing, to_deployment
from battleshiper.platform.store.dynamodb.order import position_of
from battleshiper.platform.store.dynamodb.part import DynamoPart
from battleshiper.platform.store.dynamodb.table import (
    deployment_key,
    failure_key,
    project_key,
    unfinished_key,
)
from battleshiper.platform.store.dynamodb.transaction import IS_THERE, Transaction
from battleshiper.platform.store.dynamodb.values import keyed, setting
from battleshiper.platform.store.port import MissingError


class DynamoTransitions(DynamoPart):
    """Changes states within a transaction."""

    def _find_deployment(self, deployment_id: str) -> Deployment:
        row = self._rows.find(deployment_key(deployment_id))
        if row is None:
            raise MissingError("deployment", deployment_id)
        return to_deployment(row)

    def _replace(
        self, transaction: Transaction, before: Deployment, after: Deployment, refusal: Exception | None
    ) -> Event:
        """Add a deployment's next state to a transaction; return the event that tells of it. Raises `refusal` later
        when the deployment is not as it was before, or gone."""
        values = changing(after)
        condition = f"#version = :seen AND {IS_THERE}"
        transaction.update(
            deployment_key(after.id), setting(values), condition, {**values, "seen": before.version}, refusal
        )
        if after.state.is_final:
            transaction.delete(unfinished_key(after.id))
        if after.finished_at is not None and after.state is not State.READY:
            transaction.put(keyed(failure_key(position_of(after.finished_at), after.id)))
        if after.state is State.SUPERSEDED:
            # It is nobody's rival any more: a decision that saw it as one is taken again.
            transaction.update(project_key(after.project_id), "ADD #revision :one", IS_THERE, {"one": 1}, refusal)
        return changed(after.id, after.project_id, after.commit.sha, after.version, after.state)
