"""The whole store in SQLite."""

from battleshiper.platform.store.sqlite.access_tokens import SqliteAccessTokens
from battleshiper.platform.store.sqlite.accesses import SqliteAccesses
from battleshiper.platform.store.sqlite.accounts import SqliteAccounts
from battleshiper.platform.store.sqlite.aliases import SqliteAliases
from battleshiper.platform.store.sqlite.audits import SqliteAudits
from battleshiper.platform.store.sqlite.custom_aliases import SqliteCustomAliases
from battleshiper.platform.store.sqlite.deliveries import SqliteDeliveries
from battleshiper.platform.store.sqlite.deployments import SqliteDeployments
from battleshiper.platform.store.sqlite.expiries import SqliteExpiries
from battleshiper.platform.store.sqlite.hooks import SqliteHooks
from battleshiper.platform.store.sqlite.one_time import SqliteOneTime
from battleshiper.platform.store.sqlite.projects import SqliteProjects
from battleshiper.platform.store.sqlite.pulls import SqlitePulls
from battleshiper.platform.store.sqlite.reports import SqliteReports
from battleshiper.platform.store.sqlite.retention import SqliteRetention
from battleshiper.platform.store.sqlite.sessions import SqliteSessions
from battleshiper.platform.store.sqlite.subscriptions import SqliteSubscriptions
from battleshiper.platform.store.sqlite.variables import SqliteVariables


class SqliteStore(
    SqliteDeliveries,
    SqliteProjects,
    SqliteAccesses,
    SqliteVariables,
    SqliteDeployments,
    SqliteAliases,
    SqliteCustomAliases,
    SqliteHooks,
    SqliteExpiries,
    SqlitePulls,
    SqliteOneTime,
    SqliteReports,
    SqliteRetention,
    SqliteAccounts,
    SqliteAccessTokens,
    SqliteSessions,
    SqliteAudits,
    SqliteSubscriptions,
):
    """All parts of the store over one database."""
