"""Clients of AWS's services. They are botocore's own: boto3 would add nothing to them but its import."""

from typing import Any

from botocore.config import Config
from botocore.session import Session

from battleshiper.platform.aws.patience import Patience

COPIES_AT_ONCE = 64
"""Connections to S3 where a site's files are copied."""


class Clients:
    """Makes clients. Nothing is connected before the first call."""

    def __init__(self, session: Session | None = None) -> None:
        self._session = session or Session()

    def of(self, service: str, patience: Patience = Patience(), **config: Any) -> Any:  # noqa: B008 - never changed
        """Return a client of a service. What `config` says goes before `patience`."""
        usual: dict[str, Any] = {
            "connect_timeout": patience.connect_seconds,
            "read_timeout": patience.read_seconds,
            "retries": {"mode": "standard", "total_max_attempts": patience.attempts},
        }
        return self.configured(service, Config(**{**usual, **config}))

    def configured(self, service: str, config: Config) -> Any:
        """Return a client of a service whose user says all about it."""
        return self._session.create_client(service, config=config)
