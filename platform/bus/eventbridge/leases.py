"""Leases: events of one group are handled one at a time, whatever function's environment has them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

from battleshiper.platform.database.moment import to_microseconds
from battleshiper.platform.store.dynamodb.rows import Rows
from battleshiper.platform.store.dynamodb.table import EXPIRES, lease_key
from battleshiper.platform.store.dynamodb.transaction import IS_NEW
from battleshiper.platform.store.dynamodb.values import Values, keyed

_KEPT = timedelta(hours=1)
_IS_FREE = f"{IS_NEW} OR #until <= :now OR #owner = :owner"
"""It is ours already where the answer to our first try was lost."""


class Leases:
    """Leases in the platform's table. One that nobody gives back ends by itself."""

    def __init__(self, rows: Rows, clock: Callable[[], datetime]) -> None:
        self._rows = rows
        self._clock = clock

    def take(self, group: str, lasting: timedelta) -> str | None:
        """Return the owner's name for a group that nobody else works at now, None where somebody does."""
        now, owner = self._clock(), uuid4().hex
        until = now + lasting
        lease: Values = {
            "owner": owner,
            "until": to_microseconds(until),
            EXPIRES: int((until + _KEPT).timestamp()),
        }
        seen: Values = {"now": to_microseconds(now), "owner": owner}
        return owner if self._rows.put(keyed(lease_key(group), lease), _IS_FREE, seen) else None

    def renew(self, group: str, owner: str, lasting: timedelta) -> bool:
        """Let a lease last so long from now; False when it has ended and another has begun."""
        until = self._clock() + lasting
        seen: Values = {
            "owner": owner,
            "until": to_microseconds(until),
            EXPIRES: int((until + _KEPT).timestamp()),
        }
        change = f"SET #until = :until, #{EXPIRES} = :{EXPIRES}"
        return self._rows.update(lease_key(group), change, "#owner = :owner", seen) is not None

    def give_back(self, group: str, owner: str) -> None:
        """End a lease, unless it has ended and another has begun."""
        self._rows.delete(lease_key(group), "#owner = :owner", {"owner": owner})
