"""The whole store in DynamoDB."""

from battleshiper.platform.store.dynamodb.access_tokens import DynamoAccessTokens
from battleshiper.platform.store.dynamodb.accesses import DynamoAccesses
from battleshiper.platform.store.dynamodb.accounts import DynamoAccounts
from battleshiper.platform.store.dynamodb.aliases import DynamoAliases
from battleshiper.platform.store.dynamodb.audits import DynamoAudits
from battleshiper.platform.store.dynamodb.custom_aliases import DynamoCustomAliases
from battleshiper.platform.store.dynamodb.deliveries import DynamoDeliveries
from battleshiper.platform.store.dynamodb.deployments import DynamoDeployments
from battleshiper.platform.store.dynamodb.expiries import DynamoExpiries
from battleshiper.platform.store.dynamodb.hooks import DynamoHooks
from battleshiper.platform.store.dynamodb.one_time import DynamoOneTime
from battleshiper.platform.store.dynamodb.projects import DynamoProjects
from battleshiper.platform.store.dynamodb.pulls import DynamoPulls
from battleshiper.platform.store.dynamodb.removal import DynamoRemoval
from battleshiper.platform.store.dynamodb.reports import DynamoReports
from battleshiper.platform.store.dynamodb.retention import DynamoRetention
from battleshiper.platform.store.dynamodb.sessions import DynamoSessions
from battleshiper.platform.store.dynamodb.subscriptions import DynamoSubscriptions
from battleshiper.platform.store.dynamodb.variables import DynamoVariables


class DynamoStore(
    DynamoDeliveries,
    DynamoProjects,
    DynamoRemoval,
    DynamoAccesses,
    DynamoVariables,
    DynamoDeployments,
    DynamoAliases,
    DynamoCustomAliases,
    DynamoHooks,
    DynamoExpiries,
    DynamoPulls,
    DynamoOneTime,
    DynamoReports,
    DynamoRetention,
    DynamoAccounts,
    DynamoAccessTokens,
    DynamoSessions,
    DynamoAudits,
    DynamoSubscriptions,
):
    """All parts of the store over one table."""
