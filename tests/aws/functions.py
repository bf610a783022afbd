"""Our Lambda functions in this process: each is its entry point, imported with its own environment, and is called with
the events that Lambda would give it. A thread for each queue does what Lambda's event source mapping does."""

import importlib
import logging
import os
import sys
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Event, Lock, Thread
from typing import Any
from unittest.mock import patch

from aws.cloud import STEPS, Cloud
from aws.emulator import REGION, without_account
from botocore.exceptions import ClientError

from battleshiper.infra.aws.clients import Clients
from battleshiper.infra.aws.lean_clients import LeanClients

_PACKAGE = "battleshiper.infra.aws.handlers"
_log = logging.getLogger(__name__)


@dataclass
class Context:
    """What Lambda tells a function about a call."""

    seconds: float = 60.0
    aws_request_id: str = "request"

    def get_remaining_time_in_millis(self) -> int:
        return int(self.seconds * 1000)


@dataclass
class Call:
    """One call of a function that takes events."""

    function: str
    event: Mapping[str, Any]
    reply: Mapping[str, Any] | None = None
    failure: BaseException | None = None


@dataclass
class Functions:
    """The functions, by name. `before` may change or refuse a call of a step, as what goes wrong on AWS does."""

    cloud: Cloud
    base_url: str
    batch_url: str
    before: Callable[[Call], object] = lambda _: None
    trouble: Callable[[str], Any] = lambda _: None
    """Is asked before each call that a function makes, with the service and the operation. It may raise, as if the
    function had died there, or return what AWS is to answer instead."""
    calls: list[Call] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._handlers: dict[str, Callable[[Any, Any], Any]] = {}
        self._clients: list[Any] = []
        self._loading = Lock()
        self._stopping = Event()
        self._threads = [Thread(target=self._poll, args=(name,), daemon=True) for name in STEPS.values()]

    def start(self) -> None:
        """Begin to take events."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Take no more, and wait for what is under way."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(60)
        for client in self._clients:
            client.close()

    def handler(self, name: str) -> Callable[[Any, Any], Any]:
        """Return a function's handler, in an environment that is made at the first call."""
        with self._loading:
            if name not in self._handlers:
                self._handlers[name] = self._load(name)
            return self._handlers[name]

    def forget(self) -> None:
        """Let the next calls find new environments."""
        with self._loading:
            self._handlers.clear()

    def _load(self, name: str) -> Callable[[Any, Any], Any]:
        sys.modules.pop(f"{_PACKAGE}.{name}", None)
        with (
            patch.dict("os.environ", self.cloud.environment(self.base_url, self.batch_url, name)),
            patch.object(Clients, "configured", self._client),
            patch.object(LeanClients, "of", self._lean_client),
        ):
            handler: Callable[[Any, Any], Any] = importlib.import_module(f"{_PACKAGE}.{name}").handler
        return handler

    @property
    def _client(self) -> Callable[[Clients, str, Any], Any]:
        make, made = Clients.configured, self._clients

        def configured(clients: Clients, service: str, config: Any) -> Any:
            client = make(clients, service, config)
            made.append(client)
            client.meta.events.register(
                "before-call", lambda model, **_: self.trouble(f"{service}.{model.name}"), unique_id="trouble"
            )
            if service == "cloudfront-keyvaluestore":
                client.meta.events.register("before-sign", without_account)
            if service == "s3":
                Checksums(client).install()
            return client

        return configured

    @property
    def _lean_client(self) -> Callable[..., Any]:
        make, made = LeanClients.of, self._clients

        def of(_: LeanClients, service: str, *patience: Any) -> Any:
            # The environment is the function's for now, and the process's afterwards.
            client = make(LeanClients(dict(os.environ)), service, *patience)
            made.append(client)
            call = client.call

            def troubled(operation: str, parameters: Mapping[str, Any]) -> Any:
                if instead := self.trouble(f"{service}.{operation}"):
                    raise ClientError(instead[1], operation)
                return call(operation, parameters)

            client.call = troubled  # type: ignore[method-assign]
            return client

        return of

    def _poll(self, name: str) -> None:
        url = self.cloud.queues[name]
        while not self._stopping.is_set():
            found = self.cloud.sqs.receive_message(
                QueueUrl=url, MaxNumberOfMessages=5, WaitTimeSeconds=0, AttributeNames=["All"]
            )
            messages = found.get("Messages", [])
            if not messages:
                self._stopping.wait(0.05)
                continue
            call = Call(name, {"Records": [_record(name, message) for message in messages]})
            self.calls.append(call)
            try:
                self.before(call)
                call.reply = self.handler(name)(call.event, Context()) or {}
            except BaseException as error:
                # As with Lambda: whatever it is, the messages come again.
                _log.warning("%s failed", name, exc_info=True)
                call.failure = error
                for message in messages:
                    # Its time is up sooner than in a minute, for which the function has hidden it.
                    self.cloud.sqs.change_message_visibility(
                        QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=8
                    )
                continue
            failed = {each["itemIdentifier"] for each in call.reply.get("batchItemFailures", [])}
            for message in messages:
                if message["MessageId"] not in failed:
                    self.cloud.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


class Checksums:
    """Tells the checksum of what was copied, as S3 does and the emulator does not
    (https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html)."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def install(self) -> None:
        """Look at every copy that the client makes."""
        self._client.meta.events.register("provide-client-params.s3.CopyObject", self._remember)
        self._client.meta.events.register("after-call.s3.CopyObject", self._tell)

    def _remember(self, params: Mapping[str, Any], context: dict[str, Any], **_: Any) -> None:
        context["asked"] = dict(params)

    def _tell(self, parsed: dict[str, Any], context: Mapping[str, Any], **_: Any) -> None:
        if "CopyObjectResult" in parsed:
            asked = context["asked"]
            body = self._client.get_object(Bucket=asked["Bucket"], Key=asked["Key"])["Body"].read()
            parsed["CopyObjectResult"]["ChecksumSHA256"] = b64encode(sha256(body).digest()).decode()


def _record(queue: str, message: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message.get("Attributes", {}),
        "messageAttributes": {},
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:{REGION}:000000000000:{queue}",
        "awsRegion": REGION,
    }
