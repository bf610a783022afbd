"""Subscriptions and usage in SQLite."""

import sqlite3

from battleshiper.platform.model.subscription import DEFAULT, Limit, Subscription
from battleshiper.platform.store.change import read_limits, write_limits
from battleshiper.platform.store.port import Count, MissingError
from battleshiper.platform.store.sqlite.part import SqlitePart

_KEEP = """INSERT INTO subscriptions (name, limits) VALUES (?, ?)
    ON CONFLICT (name) DO UPDATE SET limits = excluded.limits"""
_OF = """SELECT name, limits FROM subscriptions WHERE name = coalesce(
    (SELECT subscription FROM subscribers WHERE account_id = ?), ?)"""
_SUBSCRIBE = """INSERT INTO subscribers (account_id, subscription) SELECT ?, name FROM subscriptions WHERE name = ?
    ON CONFLICT (account_id) DO UPDATE SET subscription = excluded.subscription"""
_USED = "SELECT count(*) FROM usage WHERE account_id = ? AND counter = ? AND day = ?"
_IS_COUNTED = "SELECT 1 FROM usage WHERE account_id = ? AND counter = ? AND day = ? AND key = ?"
_COUNT = "INSERT INTO usage (account_id, counter, day, key) VALUES (?, ?, ?, ?)"
_FORGET = "DELETE FROM usage WHERE account_id = ? AND counter = ? AND day < ?"
_USAGE = "SELECT counter, count(*) FROM usage WHERE account_id = ? AND day = ? GROUP BY counter"


class SqliteSubscriptions(SqlitePart):
    """See `Subscriptions` in `store.port`."""

    def subscriptions(self) -> list[Subscription]:
        """Return all subscriptions by name."""
        return self._database.read(
            lambda connection: [
                Subscription(name, read_limits(limits))
                for name, limits in connection.execute("SELECT name, limits FROM subscriptions ORDER BY name")
            ]
        )

    def keep_subscription(self, subscription: Subscription) -> None:
        """Keep a subscription in place of the one of its name."""
        values = (subscription.name, write_limits(subscription.limits))
        self._database.write(lambda connection: connection.execute(_KEEP, values))

    def subscription_of(self, account_id: int) -> Subscription:
        """Return an account's subscription, the default one where it was given none."""
        row = self._database.read(lambda connection: connection.execute(_OF, (account_id, DEFAULT)).fetchone())
        return Subscription(row[0], read_limits(row[1])) if row else Subscription(DEFAULT)

    def subscribe(self, account_id: int, name: str) -> None:
        """Give an account a subscription; raises MissingError when there is none of this name."""
        if not self._database.write(lambda connection: connection.execute(_SUBSCRIBE, (account_id, name)).rowcount):
            raise MissingError("subscription", name)

    def count(self, account_id: int, limit: Limit, day: str, key: str, most: int | None) -> Count:
        """Count `key` on a day, once, unless `most` are counted already."""
        place = (account_id, limit.value, day)

        def count(connection: sqlite3.Connection) -> Count:
            (used,) = connection.execute(_USED, place).fetchone()
            if connection.execute(_IS_COUNTED, (*place, key)).fetchone():
                return Count(used, is_counted=True)
            if most is not None and used >= most:
                return Count(used, is_counted=False)
            connection.execute(_FORGET, place)
            connection.execute(_COUNT, (*place, key))
            return Count(used + 1, is_counted=True)

        return self._database.write(count)

    def usage(self, account_id: int, day: str) -> dict[Limit, int]:
        """Return what was counted of an account on a day."""
        return self._database.read(
            lambda connection: {Limit(name): used for name, used in connection.execute(_USAGE, (account_id, day))}
        )
