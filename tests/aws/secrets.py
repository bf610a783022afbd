"""Secrets Manager in memory, in moto."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from threading import Lock
from typing import Any
from uuid import uuid4

import boto3
import pytest
from aws.dynamo_backend import lean_clients
from aws.simple_storage import REGION, one_at_a_time
from botocore.exceptions import ClientError
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
def secrets_manager(*_: object) -> Iterator[Callable[[], Secrets]]:
    """Yield what opens the same secrets again and again."""
    with secrets_client() as client:
        yield lambda: SecretsManager(client, PREFIX)


@contextmanager
def lean_secrets_manager(request: pytest.FixtureRequest, _: object) -> Iterator[Callable[[], Secrets]]:
    """Yield what opens secrets in the emulator with the small client that the webhook function has."""
    emulator = request.getfixturevalue("emulator")
    prefix = f"battleshiper-{uuid4()}/"
    with closing(emulator.client("secretsmanager")) as client:
        for name in _NAMES:
            client.create_secret(Name=prefix + name)
    with closing(lean_clients(emulator).of("secretsmanager")) as lean:
        call, turn = lean.call, Lock()
        versions: dict[tuple[str, str], str] = {}

        def ruled(operation: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
            # A version takes one value only, which the emulator does not keep to
            # (https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html).
            with turn:
                if operation == "PutSecretValue":
                    version = parameters["SecretId"], parameters["ClientRequestToken"]
                    if versions.setdefault(version, parameters["SecretString"]) != parameters["SecretString"]:
                        raise ClientError({"Error": {"Code": "ResourceExistsException"}}, operation)
                return call(operation, parameters)

        lean.call = ruled  # type: ignore[method-assign]
        yield lambda: SecretsManager(lean, prefix)
