"""Subscriptions and usage in DynamoDB."""

from datetime import timedelta

from battleshiper.platform.model.subscription import DEFAULT, Limit, Subscription
from battleshiper.platform.store.change import read_limits, write_limits
from battleshiper.platform.store.dynamodb.account_keys import (
    counted_key,
    subscriber_key,
    subscription_key,
    usage_key,
    usage_prefix,
)
from battleshiper.platform.store.dynamodb.part import DynamoPart
from battleshiper.platform.store.dynamodb.table import EXPIRES, shards
from battleshiper.platform.store.dynamodb.transaction import IS_NEW, IS_THERE, Transaction
from battleshiper.platform.store.dynamodb.values import Row, Values, keyed
from battleshiper.platform.store.port import Count, MissingError

_KEPT = timedelta(days=3)
"""How long it is remembered what was counted: longer than a day lasts anywhere."""
_ADD = f"SET #used = if_not_exists(#used, :none) + :one, #{EXPIRES} = :expires"


class DynamoSubscriptions(DynamoPart):
    """See `Subscriptions` in `store.port`."""

    def subscriptions(self) -> list[Subscription]:
        """Return all subscriptions by name."""
        rows = (row for shard in shards("SUBSCRIPTIONS") for row in self._rows.below(shard))
        return sorted(map(_to_subscription, rows), key=lambda subscription: subscription.name)

    def keep_subscription(self, subscription: Subscription) -> None:
        """Keep a subscription in place of the one of its name."""
        values = {"name": subscription.name, "limits": write_limits(subscription.limits)}
        self._again(lambda: self._rows.put(keyed(subscription_key(subscription.name), values)))

    def subscription_of(self, account_id: int) -> Subscription:
        """Return an account's subscription, the default one where it was given none."""
        given = self._rows.find(subscriber_key(account_id))
        row = self._rows.find(subscription_key(given["subscription"] if given else DEFAULT))
        return _to_subscription(row) if row else Subscription(DEFAULT)

    def subscribe(self, account_id: int, name: str) -> None:
        """Give an account a subscription; raises MissingError when there is none of this name."""

        def subscribe() -> None:
            transaction = Transaction()
            transaction.check(subscription_key(name), IS_THERE, refusal=MissingError("subscription", name))
            transaction.put(keyed(subscriber_key(account_id), {"subscription": name}))
            self._rows.commit(transaction)

        self._again(subscribe)

    def count(self, account_id: int, limit: Limit, day: str, key: str, most: int | None) -> Count:
        """Count `key` on a day, once, unless `most` are counted already."""
        place = usage_key(account_id, day, limit.value)
        expires = int((self._clock() + _KEPT).timestamp())

        def count() -> Count:
            used = int((self._rows.find(place) or {}).get("used", 0))
            if self._rows.find(counted_key(account_id, day, limit.value, key)) is not None:
                return Count(used, is_counted=True)
            if most is not None and used >= most:
                return Count(used, is_counted=False)
            transaction = Transaction()
            # A step that is stale is taken anew: somebody else has counted meanwhile.
            transaction.put(keyed(counted_key(account_id, day, limit.value, key), {EXPIRES: expires}), IS_NEW)
            values: Values = {"none": 0, "one": 1, "expires": expires}
            if used:
                transaction.update(place, _ADD, "#used = :seen", {**values, "seen": used})
            else:
                transaction.update(place, _ADD, IS_NEW, values)
            self._rows.commit(transaction)
            return Count(used + 1, is_counted=True)

        return self._again(count)

    def usage(self, account_id: int, day: str) -> dict[Limit, int]:
        """Return what was counted of an account on a day."""
        partition, prefix = usage_prefix(account_id, day)
        rows = self._rows.below(partition, prefix)
        return {Limit(row["sk"].removeprefix(prefix)): row["used"] for row in rows}


def _to_subscription(row: Row) -> Subscription:
    return Subscription(row["name"], read_limits(row["limits"]))
