"""Which certificate will do, and what is said of one that never will."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battleshiper.infra.aws.operation.certificate import Certificate, Proof, find, idempotency_token, remedy_for
from battleshiper.infra.aws.operation.record import Record

NAME = "ship.example.org"
MADE = datetime(2026, 1, 1, tzinfo=UTC)
GOOD = Certificate("arn:good", frozenset({NAME}), "ISSUED", "AMAZON_ISSUED", MADE)


def test_an_issued_one_goes_before_a_newer_pending_one() -> None:
    """Nobody has to prove again what is proven."""
    pending = replace(GOOD, arn="arn:pending", status="PENDING_VALIDATION", made_at=MADE + timedelta(days=9))
    assert find(NAME, [pending, GOOD]) is GOOD
    assert find(NAME, [pending]) is pending


@pytest.mark.parametrize(
    "unfit",
    [
        replace(GOOD, covers=frozenset({"*.example.org"})),
        replace(GOOD, status="EXPIRED"),
        replace(GOOD, status="FAILED"),
        replace(GOOD, type="IMPORTED"),
        replace(GOOD, status="PENDING_VALIDATION", covers=frozenset({NAME, "other.org"})),
    ],
)
def test_what_does_not_fit_is_left(unfit) -> None:
    """Another name, one that is over, one that nobody renews, one that waits for names that are not ours."""
    assert find(NAME, [unfit]) is None


def test_one_that_covers_more_will_do_when_it_is_issued() -> None:
    """All that counts then is that the name is among them."""
    more = replace(GOOD, covers=frozenset({NAME, "other.org"}))
    assert find(NAME, [more]) is more


@given(st.text(), st.lists(st.sampled_from(["FAILED", "VALIDATION_TIMED_OUT", "ISSUED", "PENDING_VALIDATION"])))
def test_tokens(name, statuses) -> None:
    """A token has the form that is asked for, is the same for the same name, and another once one has failed."""
    known = [replace(GOOD, arn=f"arn:{i}", covers=frozenset({name}), status=s) for i, s in enumerate(statuses)]
    token = idempotency_token(name, known)
    assert len(token) == 32
    assert token.isalnum()
    assert token == idempotency_token(name, reversed(known))
    dead = any(each.status in ("FAILED", "VALIDATION_TIMED_OUT") for each in known)
    assert (token == idempotency_token(name, [])) is not dead


def test_records_are_read_without_final_dots() -> None:
    """Names are as they are to be entered, and none is shown before all are known."""
    known = {"ResourceRecord": {"Name": "_a.example.org.", "Type": "CNAME", "Value": "_b.acm-validations.aws."}}
    proof = Proof.of({"Status": "PENDING_VALIDATION", "DomainValidationOptions": [known]})
    assert proof.records == (Record("_a.example.org", "_b.acm-validations.aws"),)
    assert Proof.of({"Status": "PENDING_VALIDATION", "DomainValidationOptions": [known, {}]}).records == ()


@pytest.mark.parametrize(
    ("status", "reason", "says"),
    [
        ("FAILED", "CAA_ERROR", '0 issue "amazon.com"'),
        ("FAILED", "DOMAIN_NOT_ALLOWED", "AWS Support"),
        ("VALIDATION_TIMED_OUT", "", "72 hours"),
        ("FAILED", "SOMETHING_NEW", "Certificate Manager's page"),
    ],
)
def test_remedies(status, reason, says) -> None:
    """Each way to fail has a remedy."""
    assert says in remedy_for(Proof(status, reason, (), True))
