"""What the parts share that point labels to deployments or take them away."""

from collections.abc import Iterable, Sequence

from battleshiper.platform.model.deployment import Deployment, Environment
from battleshiper.platform.store.dynamodb.table import (
    SORT,
    Key,
    deployment_key,
    label_key,
    label_pointer,
    project_key,
    retirement_key,
)
from battleshiper.platform.store.dynamodb.transaction import IS_NEW, IS_THERE, Transaction
from battleshiper.platform.store.dynamodb.transitions import DynamoTransitions
from battleshiper.platform.store.dynamodb.values import Row, Values, keyed, setting
from battleshiper.platform.store.port import Alias, MissingError

_NOT_NEWER = "(attribute_not_exists(#newest) OR #newest <= :newest)"
_MAY_TAKE = f"{IS_NEW} OR (#project_id = :project_id AND {_NOT_NEWER})"
NOT_EXPIRED = f"{IS_THERE} AND attribute_not_exists(#expired_at)"


class DynamoShowing(DynamoTransitions):
    """Labels and what they show, within a transaction."""

    def _note_shown(self, transaction: Transaction, ids: Iterable[str], condition: str = IS_THERE) -> None:
        shown: Values = {"shown_at": self._now()}
        for each in ids:
            change = f"{setting(shown)} ADD #shows :one"
            transaction.update(deployment_key(each), change, condition, {**shown, "one": 1})

    def _current(self, labels: Sequence[str]) -> dict[str, Row]:
        """Return the rows of those labels that are there."""
        found = {row[SORT]: row for row in self._rows.find_all(label_key(label) for label in labels)}
        return {label: found[sort] for label in labels if (sort := label_key(label)[1]) in found}

    def _retirement_key(self, deployment: Deployment) -> Key | None:
        """Return where it would say that a preview's branch is retired, None for production; raises MissingError."""
        if deployment.environment is Environment.PRODUCTION:
            return None
        project = self._rows.find(project_key(deployment.project_id))
        if project is None:
            raise MissingError("deployment", deployment.id)
        return retirement_key(project["repository_id"], deployment.commit.branch)


def point(transaction: Transaction, alias: Alias) -> None:
    """Point a label to a deployment, unless it is another project's or something newer was published there."""
    values: Values = {
        "project_id": alias.project_id,
        "label": alias.label,
        "deployment_id": alias.deployment_id,
        "newest": alias.newest,
        "moves": alias.moves,
    }
    transaction.update(label_key(alias.label), setting(values), _MAY_TAKE, values)
    transaction.put(keyed(label_pointer(alias.project_id, alias.label)))
