"""GitHub, for the functions that speak to it."""

from battleshiper.bot.connection import Connection
from battleshiper.bot.source import GitHubSource
from battleshiper.infra.aws.foundation import Foundation
from battleshiper.infra.aws.secret_names import SecretName
from battleshiper.infra.aws.secrets import read_secret
from battleshiper.infra.aws.variables import Variable


def connect(foundation: Foundation) -> Connection:
    """Return a connection as the App; raises SecretsError while nobody has entered its key."""
    return Connection(
        foundation.surroundings.number(Variable.GITHUB_APP_ID),
        read_secret(foundation.secrets, SecretName.GITHUB_PRIVATE_KEY),
        foundation.surroundings[Variable.GITHUB_API_URL],
    )


def open_source(foundation: Foundation, connection: Connection) -> GitHubSource:
    """Return where commits come from."""
    return GitHubSource(connection, foundation.surroundings[Variable.GITHUB_URL])
