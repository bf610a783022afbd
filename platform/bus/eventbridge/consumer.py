"""Taking events from a step's queue: what Lambda gives a function, and what it is to be told
(https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html)."""

import logging
import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from random import SystemRandom
from typing import TYPE_CHECKING, Any, Protocol

from battleshiper.platform.bus.backoff import Backoff
from battleshiper.platform.bus.eventbridge.envelope import BATCH, Message, UnreadableError, read_message, write_again
from battleshiper.platform.bus.eventbridge.heartbeat import Heartbeat, attempt
from battleshiper.platform.bus.eventbridge.leases import Leases
from battleshiper.platform.bus.eventbridge.letters import DynamoDeadLetters
from battleshiper.platform.bus.port import GiveUpError, Handler, RetryLaterError
from battleshiper.platform.model.event import Event, EventType
from battleshiper.platform.store.port import StoreError

if TYPE_CHECKING:
    from types_boto3_sqs.client import SQSClient

Translate = Callable[[Mapping[str, Any]], Event | None]
"""Makes an event of ours of what Batch says, None where that means none."""

_LONGEST_DELAY = 900
"""Seconds that SQS can keep a message back."""
_TURN_SECONDS = 2.0
_LEAST_SECONDS = 15.0
"""What a handler that is not the first of its batch must have left."""
_HELD = timedelta(minutes=1)
"""Several heartbeats, and far more than the clocks of two functions may differ."""
_LONGEST_QUOTE = 10_000
_log = logging.getLogger(__name__)


class Context(Protocol):
    """What Lambda tells about a call, as far as it is looked at."""

    def get_remaining_time_in_millis(self) -> int:
        """Return the time until Lambda ends the function."""
        ...


class LostError(Exception):
    """The function that had a message ended before it was done."""


class Consumer:
    """A function's handler for the messages of one step's queue.

    A message is done once its event is handled, is among the dead letters, or was sent again with a delay, with the
    count of its failures. Where none of these can be, SQS is told that it failed, and gives it again when its time is
    up. A message that SQS gives again was in a function that died, of whichever message of its batch: each is then
    sent again by itself, which parts the one that kills from the others and lets it become a dead letter.

    A queue hides a message for six times its function's time, as AWS wants it for the time before the function has it
    (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html). From then on a message and its group are
    this function's for `held`, again and again while it lives: so its death is noticed after that time. Who lives but
    cannot renew goes on, and another function may begin beside it, as with everything that comes at least once.
    """

    def __init__(
        self,
        event_type: EventType,
        handle: Handler,
        *,
        queue: "SQSClient",
        queue_url: str,
        leases: Leases,
        letters: DynamoDeadLetters,
        translate: Translate | None = None,
        backoff: Backoff | None = None,
        held: timedelta = _HELD,
        heartbeat: Callable[[], Heartbeat] = Heartbeat,
    ) -> None:
        self._type = event_type
        self._handle = handle
        self._queue = queue
        self._queue_url = queue_url
        self._leases = leases
        self._letters = letters
        self._translate = translate
        self._backoff = backoff or Backoff()
        self._held = held
        self._heartbeat = heartbeat
        self._random = SystemRandom().random

    def __call__(self, batch: Mapping[str, Any], context: Context) -> dict[str, Any]:
        """Handle a batch and return which messages failed."""
        failed = []
        least = 0.0
        hide = partial(self._hide, [record["receiptHandle"] for record in batch["Records"]])
        attempt(hide)
        with self._heartbeat() as heartbeat, heartbeat.keeping(hide):
            for record in batch["Records"]:
                try:
                    self._settle(record, heartbeat, has_time=context.get_remaining_time_in_millis() / 1000 > least)
                except Exception:
                    _log.exception("the message %s comes again", record["messageId"])
                    failed.append({"itemIdentifier": record["messageId"]})
                least = _LEAST_SECONDS
        return {"batchItemFailures": failed}

    def _hide(self, receipts: Sequence[str]) -> None:
        answer = self._queue.change_message_visibility_batch(
            QueueUrl=self._queue_url,
            Entries=[
                {"Id": str(number), "ReceiptHandle": receipt, "VisibilityTimeout": int(self._held.total_seconds())}
                for number, receipt in enumerate(receipts)
            ],
        )
        for refused in answer.get("Failed", []):
            _log.warning("a message stays hidden as long as it was to be: %s", refused.get("Message", refused["Code"]))

    def _settle(self, record: Mapping[str, Any], heartbeat: Heartbeat, *, has_time: bool) -> None:
        body, attempts = record["body"], 0
        event = self._unread(record)
        try:
            message = read_message(body)
            attempts, event = message.attempts, message.event or event
            if losses := int(record["attributes"]["ApproximateReceiveCount"]) - 1:
                attempts += losses - 1
                raise LostError("the function ran out of time or memory while it had the event; its log says more")
            if not has_time:
                raise RetryLaterError(0, "the function that has it has no time left")
            if meant := self._read(message):
                event = meant
                self._in_turn(event, heartbeat)
        except RetryLaterError as error:
            _log.info("%s %s waits: %s", event.type, event.id, error)
            self._send_again(body, attempts, error.seconds)
        except (UnreadableError, GiveUpError) as error:
            # Counted as one attempt, however many there were: what is refused may be forged, and speaks for nobody.
            self._bury(event, str(error), 1)
        except Exception as error:
            _log.warning("%s %s failed", event.type, event.id, exc_info=True)
            pause = self._backoff.pause(attempts + 1, self._random)
            if pause is None:
                self._bury(event, f"{type(error).__name__}: {error}", attempts + 1)
            else:
                self._send_again(body, attempts + 1, pause)

    def _unread(self, record: Mapping[str, Any]) -> Event:
        """Return what becomes a dead letter where no event can be read."""
        return Event(self._type, {"message": record["body"][:_LONGEST_QUOTE]}, id=f"message-{record['messageId']}")

    def _read(self, message: Message) -> Event | None:
        if message.event is None and message.source == BATCH and self._translate:
            return self._translate(message.detail)
        if message.event is None or message.event.type is not self._type:
            raise UnreadableError(f"the message is of {message.source!r} and no {self._type} event")
        return message.event

    def _in_turn(self, event: Event, heartbeat: Heartbeat) -> None:
        if not event.group:
            self._handle(event)
            return
        owner = self._leases.take(event.group, self._held)
        if owner is None:
            raise RetryLaterError(_TURN_SECONDS, "another event of its group is being handled")
        try:
            with heartbeat.keeping(partial(self._leases.renew, event.group, owner, self._held)):
                self._handle(event)
        finally:
            with suppress(StoreError):  # it ends by itself
                self._leases.give_back(event.group, owner)

    def _send_again(self, body: str, attempts: int, seconds: float) -> None:
        self._queue.send_message(
            QueueUrl=self._queue_url,
            MessageBody=write_again(body, attempts),
            DelaySeconds=max(0, min(_LONGEST_DELAY, math.ceil(seconds))),
        )

    def _bury(self, event: Event, error: str, attempts: int) -> None:
        _log.error("%s %s is given up: %s", event.type, event.id, error)
        self._letters.bury(event, error, attempts)
