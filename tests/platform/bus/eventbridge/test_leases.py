"""Leases of groups."""

from datetime import timedelta

from botocore.exceptions import ConnectionClosedError

MINUTE = timedelta(minutes=1)


def test_a_group_has_one_owner(step):
    """Others are told so; other groups are free."""
    assert step.leases.take("a", MINUTE)
    assert step.leases.take("a", MINUTE) is None
    assert step.leases.take("b", MINUTE)


def test_a_lease_ends_when_it_is_given_back(step):
    """The next owner is another."""
    first = step.leases.take("a", MINUTE)
    step.leases.give_back("a", first)
    assert step.leases.take("a", MINUTE) not in (None, first)


def test_a_lease_ends_by_itself(step):
    """After its time and no sooner; its late owner ends nobody else's."""
    first = step.leases.take("a", MINUTE)
    step.clock.advance(MINUTE - timedelta(microseconds=1))
    assert step.leases.take("a", MINUTE) is None
    step.clock.advance(timedelta(microseconds=1))
    assert step.leases.take("a", MINUTE)
    step.leases.give_back("a", first)
    assert step.leases.take("a", MINUTE) is None


def test_a_lease_is_renewed(step):
    """It lasts from then on, and so does its row; who has lost it is told so, and takes it from nobody."""
    first = step.leases.take("a", MINUTE)
    step.clock.advance(timedelta(seconds=50))
    assert step.leases.renew("a", first, MINUTE)
    step.clock.advance(timedelta(seconds=59))
    assert step.leases.take("a", MINUTE) is None
    (item,) = step.client.client.scan(TableName="battleshiper")["Items"]
    ends = step.clock.now + timedelta(seconds=1)
    assert int(item["expires"]["N"]) == int((ends + timedelta(hours=1)).timestamp())
    step.clock.advance(timedelta(seconds=1))
    second = step.leases.take("a", MINUTE)
    assert not step.leases.renew("a", first, MINUTE)
    step.leases.give_back("a", second)
    assert not step.leases.renew("a", second, MINUTE)
    assert step.leases.take("a", MINUTE)


def test_a_lease_whose_answer_was_lost_is_ones_own(step):
    """The client writes it again, and that must not fail for its own sake."""

    def lose(call, **parameters):
        call(**parameters)
        try:
            raise ConnectionClosedError(endpoint_url="https://dynamodb")
        except ConnectionClosedError:
            return call(**parameters)

    step.client.instead["put_item"].append(lose)
    assert step.leases.take("a", MINUTE)


def test_leases_do_not_stay_for_ever(step):
    """DynamoDB may delete one long after its end, and groups may have any name."""
    step.leases.take("x" * 5000 + "\ud83d", MINUTE)
    (item,) = step.client.client.scan(TableName="battleshiper")["Items"]
    assert int(item["expires"]["N"]) == int((step.clock.now + MINUTE + timedelta(hours=1)).timestamp())
