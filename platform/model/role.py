"""Roles of those who run the platform, and what each lets them do. Whoever has none is a user, who sees and changes
what is theirs on GitHub."""

from collections.abc import Iterable, Mapping
from enum import StrEnum


class Right(StrEnum):
    """Something that not everybody may do."""

    READ_USERS = "users:read"
    WRITE_USERS = "users:write"
    READ_PROJECTS = "projects:read"
    WRITE_PROJECTS = "projects:write"
    READ_LOGS = "logs:read"
    READ_SUBSCRIPTIONS = "subscriptions:read"
    WRITE_SUBSCRIPTIONS = "subscriptions:write"
    READ_ROLES = "roles:read"
    WRITE_ROLES = "roles:write"


class Role(StrEnum):
    """What somebody was made. Roles add up."""

    SUPPORT = "support"
    MAINTAINER = "maintainer"
    SUBSCRIPTION_MANAGER = "subscription-manager"
    ROLE_MANAGER = "role-manager"


_SUPPORT = frozenset({Right.READ_USERS, Right.READ_PROJECTS, Right.READ_SUBSCRIPTIONS, Right.READ_ROLES})
RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.SUPPORT: _SUPPORT,
    Role.MAINTAINER: _SUPPORT | {Right.READ_LOGS, Right.WRITE_USERS, Right.WRITE_PROJECTS},
    Role.SUBSCRIPTION_MANAGER: frozenset({Right.READ_USERS, Right.READ_SUBSCRIPTIONS, Right.WRITE_SUBSCRIPTIONS}),
    Role.ROLE_MANAGER: frozenset({Right.READ_USERS, Right.READ_ROLES, Right.WRITE_ROLES}),
}
"""What each role lets people do."""

ALL_ROLES = frozenset(Role)


def rights_of(roles: Iterable[Role]) -> frozenset[Right]:
    """Return everything that some roles together let people do."""
    return frozenset().union(*(RIGHTS[role] for role in roles))
