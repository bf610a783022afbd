"""Subscriptions, who has which, and what was used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from battleshiper.platform.model.subscription import Limit, Subscription


@dataclass(frozen=True, slots=True)
class Count:
    """What counting has come to."""

    used: int
    is_counted: bool
    """False when the limit was reached: then nothing was counted."""


class Subscriptions(Protocol):
    """Subscriptions by name, and accounts by GitHub's number."""

    def subscriptions(self) -> Sequence[Subscription]:
        """Return all subscriptions by name."""
        ...

    def keep_subscription(self, subscription: Subscription) -> None:
        """Keep a subscription in place of the one of its name."""
        ...

    def subscription_of(self, account_id: int) -> Subscription:
        """Return an account's subscription: the one that it was given, else the default one, which limits nothing where
        there is none of that name."""
        ...

    def subscribe(self, account_id: int, name: str) -> None:
        """Give an account a subscription; raises MissingError when there is none of this name."""
        ...

    def count(self, account_id: int, limit: Limit, day: str, key: str, most: int | None) -> Count:
        """Count `key`, such as a deployment's id, on a day, unless `most` are counted already. What was counted before
        is counted once. However many count at once, no more than `most` are."""
        ...

    def usage(self, account_id: int, day: str) -> Mapping[Limit, int]:
        """Return what was counted of an account on a day."""
        ...
