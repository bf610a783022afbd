"""Secrets Manager in memory, in moto."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import boto3
from aws.simple_storage import REGION, one_at_a_time
from moto import mock_aws

from battleshiper.platform.secrets.port import Secrets
from battleshiper.platform.secrets.secrets_manager import SecretsManager

PREFIX = "battleshiper/"
_NAMES = ("a", "b", "key", "tickets-key")


@contextmanager
def secrets_client(names: Sequence[str] = _NAMES) -> Iterator[Any]:
    """Yield a client of a Secrets Manager with empty secrets, as the stack makes them."""
    with mock_aws():
        client = boto3.client(
            "secretsmanager", region_name=REGION, aws_access_key_id="AKIATEST", aws_secret_access_key="secret"
        )
        one_at_a_time(client)
        for name in names:
            client.create_secret(Name=PREFIX + name)
        yield client


@contextmanager
def secrets_manager(_: object) -> Iterator[Callable[[], Secrets]]:
    """Yield what opens the same secrets again and again."""
    with secrets_client() as client:
        yield lambda: SecretsManager(client, PREFIX)
