"""What a consumer makes of the messages that Lambda gives it."""

import json
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from aws.dynamo_platform import refusal
from aws.event_bridge import LambdaContext

from battleshiper.platform.bus.port import GiveUpError, RetryLaterError
from battleshiper.platform.model.event import Event, EventType
from battleshiper.platform.store.dynamodb.table import lease_key

FIRST = Event(EventType.BUILD, {"deployment": "d1", "text": 'ü "\ud83d\0'}, id="e1")
SECOND = Event(EventType.BUILD, {}, id="e2")
GROUPED = Event(EventType.BUILD, {}, "group", "e3")
MINUTE = timedelta(minutes=1)
JOB_END = json.dumps({"source": "aws.batch", "detail-type": "Batch Job State Change", "detail": {"jobId": "j1"}})


def fail(_: Event) -> None:
    """Handle nothing."""
    raise OSError("no luck")


def test_what_is_handled_is_done(step, body):
    """Nothing failed, nothing is sent again."""
    assert step.take(body(FIRST), body(SECOND)) == []
    assert step.handled == [FIRST, SECOND]
    assert step.queue.sent == []


def test_each_failure_is_counted_in_the_message(step, body):
    """It comes again as it was, later each time, and dies at last."""
    step.handle = fail
    message = body(FIRST)
    for attempts in (1, 2):
        assert step.take(message) == []
        (sent,) = step.queue.sent
        step.queue.sent.clear()
        message = sent["MessageBody"]
        assert json.loads(message) == {**json.loads(body(FIRST)), "attempts": attempts}
        assert 5 * 2 ** (attempts - 1) <= sent["DelaySeconds"] <= 10 * 2 ** (attempts - 1)
    assert step.take(message) == []
    assert step.queue.sent == []
    (letter,) = step.letters.dead_letters()
    assert (letter.event.id, letter.attempts, letter.error) == ("e1", 3, "OSError: no luck")


@pytest.mark.parametrize(("wanted", "delay"), [(0, 0), (0.2, 1), (30, 30), (-5, 0), (5000, 900)])
def test_what_is_put_off_comes_when_it_wants_to(step, body, wanted: float, delay: int):
    """Within what SQS can hold back, and without being counted."""

    def put_off(_: Event) -> None:
        raise RetryLaterError(wanted, "not now")

    step.handle = put_off
    assert step.take(body(FIRST, attempts=2)) == []
    assert (step.queue.delays, step.queue.attempts) == ([delay], [2])


@pytest.mark.parametrize(
    "message",
    [
        "",
        "no JSON",
        "[" * 100_000,
        "null",
        "[]",
        "{}",
        '{"source": "battleshiper"}',
        json.dumps({"source": "battleshiper", "detail-type": "battleshiper.build", "detail": None}),
        json.dumps({"source": "battleshiper", "detail-type": "battleshiper.build", "detail": {"id": "e", "group": ""}}),
        json.dumps(
            {
                "source": "battleshiper",
                "detail-type": "battleshiper.build",
                "detail": {"id": "e", "group": "", "detail": '{"deployment": {"nested": 1}}'},
            }
        ),
        json.dumps(
            {
                "source": "battleshiper",
                "detail-type": "battleshiper.build",
                "detail": {"id": 7, "group": "", "detail": "{}"},
            }
        ),
        json.dumps({"source": "aws.s3", "detail-type": "Object Created", "detail": {}}),
        json.dumps({"source": "battleshiper", "detail-type": "battleshiper.unheard-of", "detail": {}}),
        json.dumps({"source": "battleshiper", "detail-type": "battleshiper.build", "detail": {}, "attempts": "x"}),
    ],
)
def test_what_cannot_be_read_dies_at_once(step, body, message: str):
    """It is shown to the operator, and the others of its batch are handled."""
    assert step.take(message, body(SECOND)) == []
    assert step.handled == [SECOND]
    (letter,) = step.letters.dead_letters()
    assert letter.event == Event(EventType.BUILD, {"message": message[:10_000]}, id="message-m0")
    assert letter.attempts == 1
    assert letter.error


def test_an_event_of_another_step_is_not_handled(step, body):
    """Whoever brought it here."""
    step.take(body(Event(EventType.DELETE, {}, id="e9")))
    assert step.handled == []
    assert [letter.event.id for letter in step.letters.dead_letters()] == ["e9"]


def test_what_is_refused_counts_as_one_attempt(step, body):
    """However often it was tried: what is tried several times speaks for its deployment, and this may be forged."""

    def refuse(_: Event) -> None:
        raise GiveUpError("no ticket")

    step.handle = refuse
    step.take(body(FIRST, attempts=2))
    assert [letter.attempts for letter in step.letters.dead_letters()] == [1]


def test_what_cannot_be_settled_fails(step, body):
    """SQS gives that message again, and that message alone."""
    step.queue.is_broken = True
    step.handle = lambda event: fail(event) if event == FIRST else None
    assert step.take(body(FIRST), body(SECOND)) == ["m0"]
    assert step.handled == [SECOND]


def test_a_dead_letter_that_cannot_be_kept_fails(step, body):
    """It is not lost."""
    step.client.refuse("put_item", refusal("ThrottlingException"))
    assert step.take("no JSON", body(SECOND)) == ["m0"]


def test_what_comes_from_a_dead_function_is_parted(step, body):
    """One of them may have killed it: each comes again by itself, with the loss counted, and none is handled now."""
    assert step.take(body(FIRST), body(SECOND, attempts=1), receives=2) == []
    assert step.handled == []
    assert step.queue.attempts == [1, 2]
    assert all(delay >= 5 for delay in step.queue.delays)


def test_what_kills_its_function_each_time_dies(step, body):
    """With what the operator has to know."""
    step.take(body(FIRST, attempts=1), receives=3)
    (letter,) = step.letters.dead_letters()
    assert (letter.event, letter.attempts) == (Event(FIRST.type, FIRST.detail, id="e1"), 3)
    assert "time or memory" in letter.error


def test_messages_that_there_is_no_time_for_are_sent_again(step, body):
    """At once and uncounted; the first one is always handled."""
    context = LambdaContext(60)

    def take_long(_: Event) -> None:
        context.seconds -= 50

    step.handle = take_long
    assert step.take(body(FIRST), body(SECOND), context=context) == []
    assert step.handled == [FIRST]
    assert (step.queue.delays, step.queue.attempts) == ([0], [0])


def test_a_group_that_is_being_handled_elsewhere_waits(step, body):
    """Uncounted, until the other one is done."""
    owner = step.leases.take("group", MINUTE)
    assert owner
    step.take(body(GROUPED))
    assert (step.handled, step.queue.delays, step.queue.attempts) == ([], [2], [0])
    step.leases.give_back("group", owner)
    step.take(body(GROUPED))
    assert step.handled == [GROUPED]


def test_a_group_is_free_again_however_its_event_ends(step, body):
    """And others see it taken meanwhile."""
    taken = []

    def look(_: Event) -> None:
        taken.append(step.leases.take("group", MINUTE))
        raise OSError("no luck")

    step.handle = look
    step.take(body(GROUPED))
    step.handle = lambda event: None
    step.take(body(GROUPED))
    assert taken == [None]
    assert step.handled == [GROUPED]


def beats(step) -> Callable[[Callable[[], object]], None]:
    """Let the heart beat fast, and return what waits until something has become true."""
    step.beat_seconds = 0.001

    def wait(is_so: Callable[[], object]) -> None:
        end = time.monotonic() + 20
        while not is_so():
            assert time.monotonic() < end
            time.sleep(0.001)

    return wait


def test_a_message_is_hidden_for_a_minute_at_a_time(step, body):
    """From the start, and again and again while its function lives: when that dies, the message comes back soon."""
    wait = beats(step)
    step.handle = lambda _: wait(lambda: len(step.queue.hidden) >= 4)
    assert step.take(body(FIRST), body(SECOND)) == []
    assert all(each == {"r0": 60, "r1": 60} for each in step.queue.hidden)
    calls = len(step.queue.hidden)
    time.sleep(0.01)
    assert len(step.queue.hidden) == calls


def test_a_group_is_its_functions_while_that_lives(step, body):
    """However long that takes; a function that has died loses it within a minute."""
    wait = beats(step)
    taken = []

    def look(_: Event) -> None:
        for _ in range(5):
            step.clock.advance(timedelta(seconds=50))
            wait(lambda: remaining(step) > 50)
            taken.append(step.leases.take("group", MINUTE))

    step.handle = look
    step.take(body(GROUPED), context=LambdaContext(600))
    assert taken == [None] * 5
    assert step.leases.take("group", MINUTE)


def test_a_dead_functions_group_is_free_after_a_minute(step, body):
    """Nobody renews its lease."""
    taken = []

    def look(_: Event) -> None:
        for seconds in (59, 1):
            step.clock.advance(timedelta(seconds=seconds))
            taken.append(step.leases.take("group", MINUTE) is not None)

    step.handle = look  # no heart beats here
    step.take(body(GROUPED), context=LambdaContext(600))
    assert taken == [False, True]


def test_what_cannot_be_hidden_is_handled(step, body, caplog):
    """Its queue hides it long enough, and the function's death is noticed later; the log says so."""
    step.queue.refuses = True
    assert step.take(body(FIRST)) == []
    assert "ReceiptHandleIsInvalid" in caplog.text
    step.queue.is_broken = True
    assert step.take(body(SECOND)) == []
    assert step.handled == [FIRST, SECOND]
    assert "cannot be renewed now" in caplog.text


def remaining(step) -> float:
    """Return for how many seconds the group is taken from now on."""
    until = step.rows.find(lease_key("group"))["until"]
    return until / 1_000_000 - step.clock.now.timestamp()


def test_a_lease_that_cannot_be_given_back_repeats_nothing(step, body):
    """It ends by itself."""
    step.client.refuse("delete_item", refusal("InternalServerError"))
    assert step.take(body(GROUPED)) == []
    assert step.handled == [GROUPED]
    assert step.queue.sent == []


def test_what_batch_says_becomes_an_event(step):
    """By the translator, and only there."""
    told = []

    def translate(detail) -> Event:
        told.append(detail)
        return FIRST

    step.translate = translate
    step.take(JOB_END)
    assert told == [{"jobId": "j1"}]
    assert step.handled == [FIRST]


def test_what_batch_says_may_mean_nothing(step):
    """Then it is done."""
    step.translate = lambda _: None
    assert step.take(JOB_END) == []
    assert (step.handled, step.queue.sent, step.letters.dead_letters()) == ([], [], [])


def test_what_batch_says_comes_again_as_it_was(step):
    """When its translation or its handling fails."""

    def translate(_) -> Event:
        raise OSError("throttled")

    step.translate = translate
    step.take(JOB_END)
    step.translate = lambda _: FIRST
    step.handle = fail
    step.take(JOB_END)
    assert step.queue.attempts == [1, 1]
    for sent in step.queue.sent:
        assert json.loads(sent["MessageBody"])["detail"] == {"jobId": "j1"}


def test_batch_is_heard_by_those_alone_who_understand_it(step):
    """A step without a translator takes it for a mistake."""
    step.take(JOB_END)
    assert ["aws.batch" in letter.error for letter in step.letters.dead_letters()] == [True]
