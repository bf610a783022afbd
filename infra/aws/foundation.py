"""What the functions of the platform stand on: its data, its bus, its secrets."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

from battleshiper.infra.aws.secrets import open_secrets
from battleshiper.infra.aws.surroundings import Surroundings
from battleshiper.infra.aws.variables import Variable
from battleshiper.platform.bus.eventbridge.bus import EventBridgeBus
from battleshiper.platform.bus.eventbridge.letters import DynamoDeadLetters
from battleshiper.platform.model.deployment import Deployment
from battleshiper.platform.store.dynamodb.config import PATIENCE
from battleshiper.platform.store.dynamodb.outbox import Relay
from battleshiper.platform.store.dynamodb.rows import Rows
from battleshiper.platform.store.dynamodb.store import DynamoStore


class AnyClients(Protocol):
    """Makes clients of AWS's services."""

    @property
    def of(self) -> Callable[..., Any]: ...


class Foundation:
    """Made once for a function's environment. Nothing is asked of AWS before the first event."""

    def __init__(self, environment: Mapping[str, str], clients: AnyClients) -> None:
        """Raises MissingVariableError."""
        self.surroundings = Surroundings(environment)
        self.clients = clients
        self.clock: Callable[[], datetime] = _now
        self.table = self.surroundings[Variable.TABLE]
        self.base_url = self.surroundings[Variable.BASE_URL]
        self.dynamodb = clients.of("dynamodb", PATIENCE)
        self.rows = Rows(self.dynamodb, self.table)
        self.bus = EventBridgeBus(clients.of("events"), self.surroundings[Variable.BUS])
        self.dead_letters = DynamoDeadLetters(self.rows, self.bus, self.clock)
        self.relay = Relay(self.rows, self.bus, self.clock)
        self.store = DynamoStore(self.rows, self.relay, self.clock)
        self.secrets = open_secrets(clients.of("secretsmanager"), self.surroundings)

    def log_url(self, deployment: Deployment) -> str:
        """Return where people read a deployment's log."""
        return f"{self.base_url}/deployments/{deployment.id}"


def _now() -> datetime:
    return datetime.now(UTC)
