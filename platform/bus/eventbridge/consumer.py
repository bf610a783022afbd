"""Taking events from a step's queue: what Lambda gives a function, and what it is to be told
(https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html)."""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from random import SystemRandom
from typing import TYPE_CHECKING, Any, Protocol

from battleshiper.platform.bus.eventbridge.envelope import BATCH, UnreadableError, read_message, write_message
from battleshiper.platform.bus.eventbridge.leases import Leases
from battleshiper.platform.bus.eventbridge.letters import DynamoDeadLetters
from battleshiper.platform.bus.port import GiveUpError, Handler, RetryLaterError
from battleshiper.platform.bus.sqlite.backoff import Backoff
from battleshiper.platform.model.event import Event

if TYPE_CHECKING:
    from types_boto3_sqs.client import SQSClient

Translate = Callable[[Mapping[str, Any]], Event | None]
"""Makes an event of ours of what Batch says, None where that means none."""

_LONGEST_DELAY = 900
"""Seconds that SQS can keep a message back."""
_TURN_SECONDS = 2.0
_MARGIN_SECONDS = 3.0
_log = logging.getLogger(__name__)


class Context(Protocol):
    """What Lambda tells about a call, as far as it is looked at."""

    def get_remaining_time_in_millis(self) -> int:
        """Return the time until Lambda ends the function."""
        ...


class Consumer:
    """A function's handler for the messages of one queue.

    A message is done once its event is handled, is among the dead letters, or was sent again with a delay. What can be
    none of these is reported to SQS as failed, and comes again when its time is up. Messages that there is no time for
    come again in the same way.
    """

    def __init__(
        self,
        handle: Handler,
        *,
        queue: "SQSClient",
        queue_url: str,
        leases: Leases,
        letters: DynamoDeadLetters,
        translate: Translate | None = None,
        backoff: Backoff | None = None,
    ) -> None:
        self._handle = handle
        self._queue = queue
        self._queue_url = queue_url
        self._leases = leases
        self._letters = letters
        self._translate = translate
        self._backoff = backoff or Backoff()
        self._random = SystemRandom().random

    def __call__(self, batch: Mapping[str, Any], context: Context) -> dict[str, Any]:
        """Handle a batch and return which messages failed."""
        failed = []
        for record in batch["Records"]:
            try:
                seconds = context.get_remaining_time_in_millis() / 1000 - _MARGIN_SECONDS
                is_done = seconds > 0
                if is_done:
                    self._take(record["body"], timedelta(seconds=seconds + 2 * _MARGIN_SECONDS))
            except Exception:
                _log.exception("the message %s comes again", record["messageId"])
                is_done = False
            if not is_done:
                failed.append({"itemIdentifier": record["messageId"]})
        return {"batchItemFailures": failed}

    def _take(self, body: str, lasting: timedelta) -> None:
        try:
            message = read_message(body)
        except UnreadableError as error:
            # It would be the same the next time, and there is no event to keep.
            _log.error("a message is none of ours and is dropped: %s: %.2000s", error, body)
            return
        event = message.event
        if event is None and message.source == BATCH and self._translate:
            event = self._translate(message.detail)
        if event is not None:
            self._in_turn(event, message.attempts, lasting)

    def _in_turn(self, event: Event, attempts: int, lasting: timedelta) -> None:
        if not event.group:
            self._work(event, attempts)
            return
        owner = self._leases.take(event.group, lasting)
        if owner is None:
            self._send_again(event, attempts, _TURN_SECONDS)
            return
        try:
            self._work(event, attempts)
        finally:
            self._leases.give_back(event.group, owner)

    def _work(self, event: Event, attempts: int) -> None:
        try:
            self._handle(event)
        except RetryLaterError as error:
            _log.info("%s %s waits: %s", event.type, event.id, error)
            self._send_again(event, attempts, error.seconds)
        except GiveUpError as error:
            self._bury(event, str(error), attempts + 1)
        except Exception as error:
            _log.warning("%s %s failed", event.type, event.id, exc_info=True)
            pause = self._backoff.pause(attempts + 1, self._random)
            if pause is None:
                self._bury(event, f"{type(error).__name__}: {error}", attempts + 1)
            else:
                self._send_again(event, attempts + 1, pause)

    def _send_again(self, event: Event, attempts: int, seconds: float) -> None:
        self._queue.send_message(
            QueueUrl=self._queue_url,
            MessageBody=write_message(event, attempts),
            DelaySeconds=max(0, min(_LONGEST_DELAY, round(seconds))),
        )

    def _bury(self, event: Event, error: str, attempts: int) -> None:
        _log.error("%s %s is given up: %s", event.type, event.id, error)
        self._letters.bury(event, error, attempts)
