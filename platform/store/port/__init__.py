"""The store: what the platform remembers. SQLite here, DynamoDB on AWS.

Every method is one atomic step, but where it says otherwise. A change and the events it raises are written together or
not at all, so that no crash can part them: `events` given to a method are on the bus when the method returns, or kept
with the change until the bus takes them.
"""

from typing import Protocol

from battleshiper.platform.store.port.access_tokens import AccessTokens
from battleshiper.platform.store.port.accesses import Accesses
from battleshiper.platform.store.port.accounts import Accounts, Sessions
from battleshiper.platform.store.port.aliases import Alias, Aliases
from battleshiper.platform.store.port.audits import Audits
from battleshiper.platform.store.port.custom_aliases import CustomAliases
from battleshiper.platform.store.port.deliveries import Acceptance, Deliveries, Known, Rival
from battleshiper.platform.store.port.deployments import Deployments, NewDeployment
from battleshiper.platform.store.port.error import ConflictError, MissingError, SpentError, StoreError
from battleshiper.platform.store.port.expiries import Expiries, Expiring
from battleshiper.platform.store.port.hooks import Hooks
from battleshiper.platform.store.port.one_time import Claim, OneTime
from battleshiper.platform.store.port.projects import NewProject, Projects, Remains
from battleshiper.platform.store.port.pulls import Comment, Pulls
from battleshiper.platform.store.port.reports import Report, Reports
from battleshiper.platform.store.port.retention import Retention
from battleshiper.platform.store.port.subscriptions import Count, Subscriptions
from battleshiper.platform.store.port.variables import Variables

__all__ = [
    "Acceptance",
    "AccessTokens",
    "Accesses",
    "Accounts",
    "Alias",
    "Aliases",
    "Audits",
    "Claim",
    "Comment",
    "ConflictError",
    "Count",
    "CustomAliases",
    "Deliveries",
    "Deployments",
    "Expiries",
    "Expiring",
    "Hooks",
    "Known",
    "MissingError",
    "NewDeployment",
    "NewProject",
    "OneTime",
    "Projects",
    "Pulls",
    "Remains",
    "Report",
    "Reports",
    "Retention",
    "Rival",
    "Sessions",
    "SpentError",
    "Store",
    "StoreError",
    "Subscriptions",
    "Variables",
]


class Store(
    Deliveries,
    Projects,
    Accesses,
    Variables,
    Deployments,
    Aliases,
    CustomAliases,
    Hooks,
    Expiries,
    Pulls,
    OneTime,
    Reports,
    Retention,
    Accounts,
    AccessTokens,
    Sessions,
    Audits,
    Subscriptions,
    Protocol,
):
    """All of it. Ask for the narrow ones where they do."""
