"""Subscriptions: how much an account may use. An account is GitHub's, a person's or an organisation's, on which the App
is installed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum

DEFAULT = "default"
"""The subscription of every account that was given no other."""
MOST = 2**53
_NAME = re.compile(r"[a-z0-9](?:-?[a-z0-9]){0,38}")


class Limit(StrEnum):
    """What is limited."""

    DAILY_BUILDS = "daily_builds"
    DAILY_DEPLOYMENTS = "daily_deployments"
    PROJECTS = "projects"
    ALIASES = "aliases"
    PRERENDERED_ROUTES = "prerendered_routes"
    CLIENT_BYTES = "client_bytes"
    SERVER_BYTES = "server_bytes"
    PRERENDERED_BYTES = "prerendered_bytes"


DAILY = frozenset({Limit.DAILY_BUILDS, Limit.DAILY_DEPLOYMENTS})
"""Those that are counted, each day anew. A day is UTC's."""

_COUNTED = {
    Limit.DAILY_BUILDS: "builds",
    Limit.DAILY_DEPLOYMENTS: "deployments",
    Limit.PROJECTS: "projects",
    Limit.ALIASES: "aliases",
    Limit.PRERENDERED_ROUTES: "prerendered pages",
    Limit.CLIENT_BYTES: "bytes of client files",
    Limit.SERVER_BYTES: "bytes of server function",
    Limit.PRERENDERED_BYTES: "bytes of prerendered pages",
}


class SubscriptionRefusedError(ValueError):
    """A subscription cannot be kept as it is; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """Limits under a name. What is not among them is not limited."""

    name: str
    limits: Mapping[Limit, int] = field(default_factory=dict)

    def most(self, limit: Limit) -> int | None:
        """Return how much is allowed, None where that is not limited."""
        return self.limits.get(limit)


def check_subscription(subscription: Subscription) -> None:
    """Raise SubscriptionRefusedError unless a subscription may be kept."""
    if not _NAME.fullmatch(subscription.name):
        raise SubscriptionRefusedError(
            f"{subscription.name[:60]!r} is no name: up to 39 of a-z, 0-9 and single hyphens."
        )
    for limit, most in subscription.limits.items():
        if not 0 <= most <= MOST:
            raise SubscriptionRefusedError(f"{limit.value} must be a number from 0 to {MOST}, not {most}.")


def day_of(moment: datetime) -> str:
    """Return the day that something is counted for, such as `2026-05-04`."""
    return moment.date().isoformat()


def next_day(moment: datetime) -> datetime:
    """Return when counting begins anew."""
    return datetime.combine(moment.date() + timedelta(days=1), time(tzinfo=moment.tzinfo))


def explain_refusal(limit: Limit, used: int, most: int, account: str) -> str:
    """Return the sentence that says which limit of whom is reached, how much is used, and when that ends."""
    counted = _COUNTED[limit]
    if limit in DAILY:
        return f"Limit reached: {used:,} of {most:,} {counted} today on {account}; the next from 00:00 UTC on"
    return f"Limit reached: {used:,} {counted}, and {account} may have {most:,}"
