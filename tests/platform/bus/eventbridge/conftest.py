"""A step's consumer over a table in moto, with a queue that remembers what it was sent."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aws.dynamo_platform import Clock, FakeBus, Meddler
from aws.dynamo_table import TABLE, dynamo_client
from aws.event_bridge import LambdaContext
from botocore.exceptions import ClientError

from battleshiper.platform.bus.backoff import Backoff
from battleshiper.platform.bus.eventbridge.consumer import Consumer
from battleshiper.platform.bus.eventbridge.envelope import SOURCE, detail_of
from battleshiper.platform.bus.eventbridge.heartbeat import Heartbeat
from battleshiper.platform.bus.eventbridge.leases import Leases
from battleshiper.platform.bus.eventbridge.letters import DynamoDeadLetters
from battleshiper.platform.model.event import Event, EventType
from battleshiper.platform.store.dynamodb.again import Again
from battleshiper.platform.store.dynamodb.rows import Rows


@dataclass
class FakeQueue:
    """A client of SQS that remembers what it was sent, unless it is broken."""

    sent: list[dict[str, Any]] = field(default_factory=list)
    hidden: list[dict[str, int]] = field(default_factory=list)
    """For how long each receipt is hidden from then on, call by call."""
    is_broken: bool = False
    refuses: bool = False
    """Whether it knows the first receipt no more."""

    def send_message(self, **message: Any) -> None:
        if self.is_broken:
            raise ClientError({"Error": {"Code": "ServiceUnavailable", "Message": ""}}, "SendMessage")
        self.sent.append(message)

    def change_message_visibility_batch(self, *, QueueUrl: str, Entries: list) -> dict:  # noqa: N803 - boto's names
        if self.is_broken:
            raise ClientError({"Error": {"Code": "ServiceUnavailable", "Message": ""}}, "ChangeMessageVisibilityBatch")
        assert len(Entries) <= 10
        assert len({entry["Id"] for entry in Entries}) == len(Entries)
        self.hidden.append({entry["ReceiptHandle"]: entry["VisibilityTimeout"] for entry in Entries})
        return {"Failed": [{"Id": "0", "Code": "ReceiptHandleIsInvalid"}] if self.refuses else []}

    @property
    def delays(self) -> list[int]:
        """For how many seconds each message is kept back."""
        return [message["DelaySeconds"] for message in self.sent]

    @property
    def attempts(self) -> list[int]:
        """How often the handling of each message has failed."""
        return [json.loads(message["MessageBody"])["attempts"] for message in self.sent]


class Step:
    """A step with its consumer; `handle` is what it does."""

    def __init__(self, client: Any) -> None:
        self.clock = Clock()
        self.client = Meddler(client)
        self.rows = Rows(self.client, TABLE, Again(pause=lambda _: None))
        self.queue = FakeQueue()
        self.bus = FakeBus()
        self.leases = Leases(self.rows, self.clock)
        self.letters = DynamoDeadLetters(self.rows, self.bus, self.clock)
        self.handled: list[Event] = []
        self.beat_seconds = 1000.0
        self.handle: Callable[[Event], None] = lambda event: None
        self.translate: Callable[[Any], Event | None] | None = None

    def take(self, *bodies: str, receives: int = 1, context: LambdaContext | None = None) -> list[str]:
        """Give the consumer a batch; return the ids of the messages that failed, `m0` being the first."""
        consumer = Consumer(
            EventType.BUILD,
            self._handle,
            queue=self.queue,
            queue_url="https://queue",
            leases=self.leases,
            letters=self.letters,
            translate=self.translate,
            backoff=Backoff(attempts=3, first_seconds=10),
            heartbeat=lambda: Heartbeat(self.beat_seconds),
        )
        records = [
            {
                "messageId": f"m{number}",
                "receiptHandle": f"r{number}",
                "body": body,
                "attributes": {"ApproximateReceiveCount": str(receives)},
            }
            for number, body in enumerate(bodies)
        ]
        answer = consumer({"Records": records}, context or LambdaContext())
        assert list(answer) == ["batchItemFailures"]
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]

    def _handle(self, event: Event) -> None:
        self.handle(event)
        self.handled.append(event)


def body_of(event: Event, **more: Any) -> str:
    """Return an event as it lies in a queue."""
    detail = json.loads(detail_of(event))
    return json.dumps({"version": "0", "source": SOURCE, "detail-type": event.type.value, "detail": detail, **more})


@pytest.fixture
def body() -> Callable[..., str]:
    """Make messages of events."""
    return body_of


@pytest.fixture
def step() -> Iterator[Step]:
    """A build step."""
    with dynamo_client() as client:
        yield Step(client)
