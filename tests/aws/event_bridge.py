"""EventBridge, SQS and Lambda's pollers in memory: what carries events from the bus to a step's function."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from threading import Condition, Thread
from typing import Any
from unittest.mock import patch

import boto3
from aws.dynamo_table import TABLE, dynamo_client
from aws.simple_storage import REGION, one_at_a_time

from battleshiper.platform.bus.backoff import Backoff
from battleshiper.platform.bus.eventbridge.bus import EventBridgeBus
from battleshiper.platform.bus.eventbridge.consumer import Consumer
from battleshiper.platform.bus.eventbridge.leases import Leases
from battleshiper.platform.bus.eventbridge.letters import DynamoDeadLetters
from battleshiper.platform.bus.port import DeadLetter, Handler
from battleshiper.platform.model.event import EventType
from battleshiper.platform.store.dynamodb.outbox import Relay
from battleshiper.platform.store.dynamodb.rows import Rows
from battleshiper.platform.store.dynamodb.store import DynamoStore

BUS = "battleshiper"
ACCOUNT = "123456789012"
_ENVIRONMENTS = 3
"""How many of each function work at the same time, but for changes: who looks at what a store tells wants an order."""
_HIDDEN_SECONDS = 40_000
"""For how long a message is with a function: no function dies here, and the clock takes great steps."""


class LambdaContext:
    """What Lambda tells of a call that has some time left."""

    def __init__(self, seconds: float = 60) -> None:
        self.seconds = seconds

    def get_remaining_time_in_millis(self) -> int:
        return int(self.seconds * 1000)


class Pipeline:
    """A bus with a queue behind it for each type of event."""

    def __init__(self) -> None:
        self.events, self.sqs = _clients()
        self.events.create_event_bus(Name=BUS)
        self.urls = {each: self.sqs.create_queue(QueueName=_queue_name(each))["QueueUrl"] for each in EventType}
        for event_type in EventType:
            name = _queue_name(event_type)
            pattern = json.dumps({"source": ["battleshiper"], "detail-type": [event_type.value]})
            self.events.put_rule(Name=name, EventBusName=BUS, EventPattern=pattern)
            target = {"Id": name, "Arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"}
            self.events.put_targets(Rule=name, EventBusName=BUS, Targets=[target])

    def receive(self, event_type: EventType) -> dict[str, Any]:
        """Return a batch as Lambda gives it to a function; its messages are hidden meanwhile."""
        answer = self.sqs.receive_message(
            QueueUrl=self.urls[event_type],
            MaxNumberOfMessages=10,
            AttributeNames=["All"],
            VisibilityTimeout=_HIDDEN_SECONDS,
        )
        return {
            "Records": [
                {
                    "messageId": message["MessageId"],
                    "receiptHandle": message["ReceiptHandle"],
                    "body": message["Body"],
                    "attributes": message["Attributes"],
                    "messageAttributes": {},
                    "eventSource": "aws:sqs",
                    "eventSourceARN": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{_queue_name(event_type)}",
                    "awsRegion": REGION,
                }
                for message in answer.get("Messages", [])
            ]
        }

    def settle(self, event_type: EventType, batch: dict[str, Any], answer: dict[str, Any]) -> None:
        """Delete the messages of a batch that did not fail, and show the others again."""
        failed = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
        for record in batch["Records"]:
            known = {"QueueUrl": self.urls[event_type], "ReceiptHandle": record["receiptHandle"]}
            if record["messageId"] in failed:
                self.sqs.change_message_visibility(VisibilityTimeout=0, **known)
            else:
                self.sqs.delete_message(**known)

    def waiting(self) -> int:
        """Return how many messages are in the queues, those that functions have included."""
        kinds = ["ApproximateNumberOfMessages" + kind for kind in ("", "Delayed", "NotVisible")]
        answers = [self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=kinds) for url in self.urls.values()]
        return sum(int(count) for answer in answers for count in answer["Attributes"].values())


class WholeBus:
    """Everything of the bus on AWS behind one name."""

    def __init__(self, pipeline: Pipeline, rows: Rows, clock: Any) -> None:
        self._bus = EventBridgeBus(pipeline.events, BUS)
        self.letters = DynamoDeadLetters(rows, self._bus, clock)
        self.dead_letters = self.letters.dead_letters
        self.revive = self.letters.revive
        self.forget_dead_letters = self.letters.forget_dead_letters
        self.publish = self._bus.publish
        self.handlers: dict[EventType, Handler] = {}

    def subscribe(self, event_type: EventType, handler: Handler) -> None:
        self.handlers[event_type] = handler


class EventBridgeBackend:
    """The store and the bus on AWS, with threads that call consumers as Lambda does."""

    def __init__(self, clock: Any, client: Any) -> None:
        self._clock = clock
        self._rows = Rows(client, TABLE)
        self._pipeline = Pipeline()
        self._changed = Condition()
        self._changes = 0
        self._is_closed = False
        self._threads: list[Thread] = []
        self.bus = WholeBus(self._pipeline, self._rows, clock)
        self.store = DynamoStore(self._rows, Relay(self._rows, self.bus, clock), clock)

    def start(self) -> None:
        for event_type in self.bus.handlers:
            for _ in range(1 if event_type is EventType.DEPLOYMENT_CHANGED else _ENVIRONMENTS):
                self._threads.append(Thread(target=self._poll, args=(event_type,), daemon=True))
                self._threads[-1].start()

    def pass_time(self, seconds: float) -> None:
        self._clock.advance(seconds)
        self._wake()

    def dead_letters(self) -> Sequence[DeadLetter]:
        return self.bus.dead_letters()

    def pending(self) -> int:
        return self._pipeline.waiting()

    def close(self) -> None:
        self._is_closed = True
        self._wake()
        for thread in self._threads:
            thread.join()

    def _poll(self, event_type: EventType) -> None:
        consumer = Consumer(
            event_type,
            self.bus.handlers[event_type],
            queue=self._pipeline.sqs,
            queue_url=self._pipeline.urls[event_type],
            leases=Leases(self._rows, lambda: datetime.now(UTC)),  # the test's clock takes great steps
            letters=self.bus.letters,
            backoff=Backoff(attempts=3, first_seconds=10),
            held=timedelta(seconds=_HIDDEN_SECONDS),
        )
        while not self._is_closed:
            before = self._changes
            batch = self._pipeline.receive(event_type)
            if batch["Records"]:
                self._pipeline.settle(event_type, batch, consumer(batch, LambdaContext()))
                self._wake()
            else:
                with self._changed:
                    self._changed.wait_for(lambda before=before: self._changes != before, 0.05)

    def _wake(self) -> None:
        with self._changed:
            self._changes += 1
            self._changed.notify_all()


@contextmanager
def event_bridge_backend(clock: Any) -> Iterator[EventBridgeBackend]:
    """Yield the store and the bus on AWS, in moto, whose queues live by the test's clock."""
    with dynamo_client() as client, queue_time(clock):
        backend = EventBridgeBackend(clock, client)
        try:
            yield backend
        finally:
            backend.close()


@contextmanager
def queue_time(clock: Any) -> Iterator[None]:
    """Let queues live by a clock."""
    with (
        patch("moto.sqs.models.unix_time_millis", lambda: clock().timestamp() * 1000),
        patch("moto.sqs.models.unix_time", lambda: clock().timestamp()),
    ):
        yield


@cache
def _clients() -> tuple[Any, Any]:
    keys = {"aws_access_key_id": "AKIATEST", "aws_secret_access_key": "secret"}
    events, sqs = (boto3.client(service, region_name=REGION, **keys) for service in ("events", "sqs"))
    one_at_a_time(events, sqs)
    return events, sqs


def _queue_name(event_type: EventType) -> str:
    return event_type.value.replace(".", "-")
