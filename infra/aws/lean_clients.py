"""Clients for a function that people wait for and that asks few services: see `platform/aws/lean`."""

from collections.abc import Mapping

from botocore.exceptions import NoRegionError

from battleshiper.platform.aws.lean.client import Identity, LeanClient
from battleshiper.platform.aws.lean.connections import Connections
from battleshiper.platform.aws.lean.credentials import FunctionCredentials
from battleshiper.platform.aws.lean.service import SERVICES, endpoint_of
from battleshiper.platform.aws.patience import Patience


class LeanClients:
    """Makes clients as `Clients` does, of those services that the small client knows."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """`environment` tells region, credentials and, where they are not AWS's, endpoints; raises NoRegionError."""
        region = environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION")
        if not region:
            raise NoRegionError
        self._environment = environment
        self._identity = Identity(region, FunctionCredentials(environment))

    def of(self, service: str, patience: Patience = Patience()) -> LeanClient:  # noqa: B008 - it is never changed
        """Return a client of a service, connected with the first call. Raises KeyError for one it does not know."""
        endpoint = endpoint_of(service, self._identity.region, self._environment)
        connections = Connections(endpoint, patience.connect_seconds, patience.read_seconds)
        return LeanClient(SERVICES[service], self._identity, connections, patience.attempts)
