"""What is forgotten in time, in DynamoDB."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from heapq import merge
from itertools import islice, takewhile

from battleshiper.platform.model.deployment import State
from battleshiper.platform.store.dynamodb.alias_row import to_alias
from battleshiper.platform.store.dynamodb.delivery_row import to_delivery
from battleshiper.platform.store.dynamodb.deployment_row import to_deployment
from battleshiper.platform.store.dynamodb.order import position_of
from battleshiper.platform.store.dynamodb.part import DynamoPart
from battleshiper.platform.store.dynamodb.table import (
    POSITION,
    SORT,
    Key,
    branch_pointer,
    deployment_key,
    label_key,
    number_pointer,
    project_partition,
    shard_of,
    shards,
    target_of,
)
from battleshiper.platform.store.dynamodb.values import Row, key_of


class DynamoRetention(DynamoPart):
    """See `Retention` in `store.port`."""

    def forget_deliveries(self, before: datetime, limit: int) -> int:
        """Forget old deliveries but for those that are still of use; return how many."""
        shown: dict[str, set[str]] = {}
        keys = (key_of(listed) for listed in self._until("DELIVERIES", before))
        old = (row for row in self._rows.find_all(keys) if to_delivery(row).received_at < before)
        return self._forget(list(islice((row for row in old if not self._is_needed(row, shown)), limit)))

    def failures(self, before: datetime, limit: int) -> list[str]:
        """Return the ids of old deployments that were never ready, oldest first."""
        return [target_of(row[SORT]) for row in islice(self._failures(before), limit)]

    def forget_failures(self, ids: Sequence[str]) -> None:
        """Forget deployments that were never ready. May be cut off anywhere: what leads to one goes before it, and
        what tells of its end last."""
        found = [to_deployment(row) for row in self._rows.find_all(map(deployment_key, ids))]
        ended = [each for each in found if each.state.is_final and each.state is not State.READY]
        self._rows.delete_all(number_pointer(each.project_id, each.number, each.id) for each in ended)
        self._rows.delete_all(
            branch_pointer(each.project_id, each.commit.branch, each.number, each.id) for each in ended
        )
        self._rows.delete_all(deployment_key(each.id) for each in ended)
        for shard in shards("FAILURES"):
            self._rows.delete_all(self._notes(shard, {each for each in ids if shard_of("FAILURES", each) == shard}))

    def forget_spent(self, before: datetime, limit: int) -> int:
        """Forget old tickets and claims; return how many. DynamoDB forgets most of them by itself."""
        return sum(self._forget(list(islice(self._until(kind, before), limit))) for kind in ("TICKETS", "CLAIMS"))

    def _failures(self, before: datetime) -> Iterator[Row]:
        end = position_of(before)
        old = (takewhile(lambda row: row[SORT] < end, self._rows.below(shard)) for shard in shards("FAILURES"))
        return merge(*old, key=lambda row: str(row[SORT]))

    def _notes(self, shard: str, ids: set[str]) -> Iterator[Key]:
        for row in self._rows.below(shard):
            if not ids:
                return
            if (deployment_id := target_of(row[SORT])) in ids:
                ids.remove(deployment_id)
                yield key_of(row)

    def _forget(self, rows: list[Row]) -> int:
        self._rows.delete_all(map(key_of, rows))
        return len(rows)

    def _until(self, kind: str, before: datetime) -> Iterator[Row]:
        end = position_of(before)
        for listed in self._listed(kind):
            if listed[POSITION] >= end:
                return
            yield listed

    def _is_needed(self, row: Row, shown: dict[str, set[str]]) -> bool:
        """Tell whether a delivery led to what is not finished, or is shown; `shown` remembers that by project."""
        ids = [each.deployment_id for each in to_delivery(row).decisions if each.deployment_id]
        for deployment in map(to_deployment, self._rows.find_all(map(deployment_key, ids))):
            if not deployment.state.is_final:
                return True
            project_id = deployment.project_id
            if project_id not in shown:
                shown[project_id] = self._shown(project_id)
            if deployment.id in shown[project_id]:
                return True
        return False

    def _shown(self, project_id: str) -> set[str]:
        pointers = self._rows.below(project_partition(project_id), "LABEL#")
        rows = self._rows.find_all(label_key(target_of(pointer[SORT])) for pointer in pointers)
        return {alias.deployment_id for alias in map(to_alias, rows) if alias and alias.moves}
