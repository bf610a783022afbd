"""A router with stand-ins for AWS's clients."""

import io
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ClientError
from botocore.validate import validate_parameters

from battleshiper.edge.router.handler import Handler, compose

SECRETS = ["the old one", "the new one"]
Function = Callable[[dict[str, Any]], Any]


class _Exceptions:
    ClientError = ClientError


class _FakeClient:
    exceptions = _Exceptions()

    def __init__(self, service: str) -> None:
        self._model = botocore.session.get_session().get_service_model(service)

    def check(self, operation: str, parameters: dict[str, Any]) -> None:
        validate_parameters(parameters, self._model.operation_model(operation).input_shape)

    @staticmethod
    def error(operation: str, code: str) -> ClientError:
        return ClientError({"Error": {"Code": code, "Message": "no"}}, operation)


class FakeLambda(_FakeClient):
    """Runs `function` where Lambda would; `refusal` is what Lambda says instead."""

    def __init__(self) -> None:
        super().__init__("lambda")
        self.function: Function = lambda event: {"statusCode": 200, "body": "hello"}
        self.refusal = ""
        self.end: dict[str, str] = {}
        self.invoked: list[tuple[str, str]] = []
        self.events: list[dict[str, Any]] = []

    def invoke_with_response_stream(self, **parameters: Any) -> Mapping[str, Any]:
        self.check("InvokeWithResponseStream", parameters)
        self.invoked.append((parameters["FunctionName"], parameters["Qualifier"]))
        if self.refusal:
            raise self.error("InvokeWithResponseStream", self.refusal)
        self.events.append(json.loads(parameters["Payload"]))
        return {"EventStream": self._stream(self.function(self.events[-1]))}

    def _stream(self, said: Any) -> Iterator[Mapping[str, Any]]:
        text = said if isinstance(said, bytes) else json.dumps(said).encode()
        for start in range(0, len(text), 100_000):
            yield {"PayloadChunk": {"Payload": text[start : start + 100_000]}}
        yield {"InvokeComplete": self.end}


class FakeS3(_FakeClient):
    """Has the objects of one bucket."""

    def __init__(self) -> None:
        super().__init__("s3")
        self.objects: dict[str, bytes] = {}

    def get_object(self, **parameters: Any) -> Mapping[str, Any]:
        self.check("GetObject", parameters)
        assert parameters["Bucket"] == "sites"
        if parameters["Key"] not in self.objects:
            raise self.error("GetObject", "NoSuchKey")
        return {"Body": io.BytesIO(self.objects[parameters["Key"]])}


@pytest.fixture
def functions() -> FakeLambda:
    return FakeLambda()


@pytest.fixture
def objects() -> FakeS3:
    return FakeS3()


@pytest.fixture
def handle(functions: FakeLambda, objects: FakeS3) -> Handler:
    return compose(
        functions=functions,
        target=lambda project, deployment: {"FunctionName": f"site-{project}", "Qualifier": deployment},
        objects=objects,
        bucket="sites",
        secrets=lambda: SECRETS,
    )


def event_of(path: str = "/form", method: str = "POST", body: str | None = "a=1", **headers: str) -> dict[str, Any]:
    """Make an event as it comes from CloudFront; header names have `_` for `-`."""
    told = {
        "x-battleshiper-secret": SECRETS[1],
        "x-battleshiper-deployment": "shop/d1",
        "x-battleshiper-function": "abc.lambda-url.example",
        "x-battleshiper-request": "r-1",
        "x-battleshiper-address": "203.0.113.7",
        "x-forwarded-host": "shop.example.com",
        "content-type": "application/x-www-form-urlencoded",
    }
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    event = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "q=%2F",
        "cookies": ["a=1", "b=2"],
        "headers": {name: value for name, value in {**told, **given}.items() if value},
        "requestContext": {"accountId": "anonymous", "http": {"method": method, "sourceIp": "130.176.0.1"}},
        "isBase64Encoded": False,
    }
    return event if body is None else {**event, "body": body}
