"""A client that has botocore's methods for a service's operations, and raises botocore's errors."""

import json
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from battleshiper.platform.aws.chance import CHANCE
from battleshiper.platform.aws.lean.connections import Answer, Connections
from battleshiper.platform.aws.lean.service import Service
from battleshiper.platform.aws.lean.signature import Credentials, sign

_LONGEST_PAUSE = 20.0
_FAILING = frozenset({429, 500, 502, 503, 504})
_PASSING = frozenset(
    "LimitExceededException PriorRequestNotComplete ProvisionedThroughputExceededException RequestLimitExceeded"
    " RequestThrottled RequestThrottledException RequestTimeout RequestTimeoutException SlowDown Throttling"
    " ThrottledException ThrottlingException TooManyRequestsException TransactionInProgressException".split()
)
"""Errors that pass. Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html"""


@dataclass(frozen=True, slots=True)
class Identity:
    """As whom, and where, requests are signed."""

    region: str
    credentials: Callable[[], Credentials]


class LeanClient:
    """Calls a service's operations: `client.get_item(TableName=…)` is GetItem.

    What fails for now is tried `attempts` times, with the pauses of the SDKs' mode `standard`. Where an operation takes
    a token to know a repeated request by, the caller gives one: unlike botocore, this makes none.
    """

    def __init__(
        self,
        service: Service,
        identity: Identity,
        connections: Connections,
        attempts: int,
        *,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._service = service
        self._identity = identity
        self._connections = connections
        self._attempts = attempts
        self._pause = pause

    def __getattr__(self, method: str) -> Callable[..., dict[str, Any]]:
        """Return what calls an operation; raises ClientError for what is refused, else BotoCoreError."""
        if method.startswith("_"):
            raise AttributeError(method)
        operation = "".join(word.capitalize() for word in method.split("_"))
        return lambda **parameters: self.call(operation, parameters)

    def call(self, operation: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Call an operation by its own name."""
        body = json.dumps(parameters, default=_as_text).encode()
        for attempt in range(1, self._attempts + 1):
            last = attempt == self._attempts
            try:
                answer = self._post(operation, body)
            except BotoCoreError:
                if last:
                    raise
            else:
                if answer[0] == 200:
                    told: dict[str, Any] = json.loads(answer[2] or b"{}", object_hook=_as_told)
                    return told
                error = _error(operation, answer)
                if last or not (answer[0] in _FAILING or error.response["Error"]["Code"] in _PASSING):
                    raise error
            self._pause(min(CHANCE.random() * 2 ** (attempt - 1), _LONGEST_PAUSE))
        raise AssertionError("the last attempt returns or raises")

    def close(self) -> None:
        """Close its connections."""
        self._connections.close()

    def _post(self, operation: str, body: bytes) -> Answer:
        headers = {
            "content-type": f"application/x-amz-json-{self._service.version}",
            "host": self._connections.host,
            "x-amz-target": f"{self._service.target}.{operation}",
        }
        who = self._identity
        signed = sign(who.credentials(), who.region, self._service.name, headers, body, datetime.now(UTC))
        return self._connections.post(signed, body)


def _error(operation: str, answer: Answer) -> ClientError:
    status, headers, body = answer
    try:
        told = dict(json.loads(body or b"{}"))
    except (ValueError, TypeError):
        told = {"message": body.decode(errors="replace")}
    # A namespace may stand before the code, and an address behind it.
    code = str(told.get("__type") or status).partition(":")[0].rpartition("#")[2]
    message = str(told.get("message") or told.get("Message") or "")
    response: Any = {
        **told,
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status, "RequestId": headers.get("x-amzn-requestid", "")},
    }
    return ClientError(response, operation)


def _as_text(value: object) -> str:
    if isinstance(value, bytes):
        return b64encode(value).decode()
    raise TypeError(f"{type(value).__name__} cannot be told to AWS")


def _as_told(said: dict[str, Any]) -> dict[str, Any]:
    """Return an object without what is null, which is as good as not said, and with DynamoDB's bytes, told as text."""
    if len(said) == 1 and isinstance(text := said.get("B"), str):
        return {"B": b64decode(text)}
    return {name: value for name, value in said.items() if value is not None}
