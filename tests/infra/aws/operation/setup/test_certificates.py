"""Certificates for domains whose DNS is elsewhere."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from aws.certificate_manager import FakeAcm
from aws.patience import Patience
from hypothesis import given
from hypothesis import strategies as st

from battleshiper.infra.aws.operation.error import OperationError
from battleshiper.infra.aws.operation.setup.certificates import (
    Certificate,
    Certificates,
    Proof,
    find,
    idempotency_token,
    remedy_for,
)
from battleshiper.infra.aws.operation.setup.dns import Record
from battleshiper.infra.aws.stack.options import Options

OPTIONS = Options("ship.example.org", "example-sites.net", "1", "eu-central-1")
NAMED = "arn:aws:acm:us-east-1:111111111111:certificate/named"
NAME = "ship.example.org"
MADE = datetime(2026, 1, 1, tzinfo=UTC)
GOOD = Certificate("arn:good", frozenset({NAME}), "ISSUED", "AMAZON_ISSUED", MADE)


class Desk:
    """An operator with Certificate Manager and time."""

    def __init__(self) -> None:
        self.acm = FakeAcm()
        self.patience = Patience()

    def provide(self, options: Options = OPTIONS) -> Options:
        return self._certificates().provide(options)

    def foresee(self, options: Options = OPTIONS) -> Options:
        return self._certificates().foresee(options)

    def _certificates(self) -> Certificates:
        return Certificates(self.acm, self.patience.waiting, self.patience.told.append)


@pytest.fixture
def desk() -> Desk:
    """One."""
    return Desk()


def test_both_are_requested_shown_and_waited_for(desk) -> None:
    """The records are shown as they are to be entered; the certificates' ARNs go into the options."""
    desk.acm.looks_without_record = 3
    desk.patience.after(400, desk.acm.issue)
    options = desk.provide()
    assert [each["DomainName"] for each in desk.acm.requests] == ["ship.example.org", "*.example-sites.net"]
    assert all(each["ValidationMethod"] == "DNS" for each in desk.acm.requests)
    assert all(re.fullmatch(r"\w{1,32}", each["IdempotencyToken"]) for each in desk.acm.requests)
    assert (options.platform_certificate, options.sites_certificate) == tuple(desk.acm.certificates)
    rows = [line.split() for line in desk.patience.told if "CNAME" in line and "_c0ffee" in line]
    assert rows == [
        ["_c0ffee.example-sites.net", "CNAME", "_17.acm-validations.aws"],
        ["_c0ffee.ship.example.org", "CNAME", "_16.acm-validations.aws"],
    ]
    assert "Waiting for the certificates, for 5 min now" in desk.patience.told
    assert "dig +short CNAME" in desk.patience.text
    assert "The certificate for ship.example.org is issued." in desk.patience.told


def test_what_is_named_is_left_alone(desk) -> None:
    """A zone or a certificate is enough, and nothing is asked then."""
    zone, named = {"sites_zone": "Z1"}, {"platform_certificate": NAMED}
    options = Options("ship.example.org", "example-sites.net", "1", "eu-central-1", **zone, **named)
    assert desk.provide(options) is options
    assert desk.acm.requests == []


def test_one_is_named_and_one_is_made(desk) -> None:
    """Only what is lacking is requested."""
    desk.patience.after(10, desk.acm.issue)
    options = Options("ship.example.org", "example-sites.net", "1", "eu-central-1", platform_certificate=NAMED)
    made = desk.provide(options)
    assert (made.platform_certificate, made.sites_certificate) == (NAMED, *desk.acm.certificates)


def test_an_interrupted_wait_goes_on_with_the_same_certificates(desk) -> None:
    """Repeating makes no second one, waiting or issued, and shows the same records while they wait."""

    def interrupt() -> None:
        raise KeyboardInterrupt

    desk.patience.after(30, interrupt)
    with pytest.raises(KeyboardInterrupt):
        desk.provide()
    shown = [line for line in desk.patience.told if "_c0ffee" in line]
    desk.patience.told.clear()
    desk.patience.after(desk.patience.now + 30, desk.acm.issue)
    first = desk.provide()
    assert [line for line in desk.patience.told if "_c0ffee" in line] == shown
    desk.patience.told.clear()
    assert desk.provide() == first
    assert (len(desk.acm.requests), desk.patience.told) == (2, [])


def test_names_are_the_same_in_capitals(desk) -> None:
    """Certificate Manager keeps them in small letters; writing them otherwise makes no second certificate."""
    found = [desk.acm.add(name, Status="ISSUED") for name in ("ship.example.org", "*.example-sites.net")]
    made = desk.provide(Options("Ship.Example.org", "EXAMPLE-sites.net", "1", "eu-central-1"))
    assert [made.platform_certificate, made.sites_certificate] == found
    assert desk.acm.requests == []


def test_two_at_once_request_one(desk) -> None:
    """Who has not seen the other's certificate in the list yet asks with the same token."""
    desk.patience.after(10, desk.acm.issue)
    first = desk.provide()
    pages, desk.acm.paginate = desk.acm.paginate, lambda **_: [{"CertificateSummaryList": []}]
    assert desk.provide() == first
    desk.acm.paginate = pages
    assert len(desk.acm.certificates) == 2


def test_one_that_waits_for_a_mail_is_not_taken(desk) -> None:
    """Nobody enters a record for it."""
    mailed = desk.acm.add("ship.example.org", method="EMAIL")
    desk.patience.after(10, desk.acm.issue)
    assert desk.provide().platform_certificate != mailed


@pytest.mark.parametrize(
    ("status", "reason", "says"),
    [("FAILED", {"FailureReason": "CAA_ERROR"}, "CAA record"), ("VALIDATION_TIMED_OUT", {}, "72 hours")],
)
def test_what_will_never_be_issued_ends_the_wait(desk, status, reason, says) -> None:
    """Cause and remedy are named at once, and the next deployment requests another."""
    desk.patience.after(45, lambda: desk.acm.end(status, **reason))
    with pytest.raises(OperationError, match=status) as raised:
        desk.provide()
    assert says in raised.value.remedy
    assert desk.patience.now < 120
    desk.patience.after(desk.patience.now + 10, desk.acm.issue)
    made = desk.provide()
    assert desk.acm.certificates[made.platform_certificate]["Status"] == "ISSUED"
    assert len(desk.acm.certificates) == 4


def test_the_second_one_fails_while_the_first_one_waits(desk) -> None:
    """Nobody waits an hour to hear of it."""
    desk.patience.after(45, lambda: list(desk.acm.certificates.values())[1].update(Status="FAILED"))
    with pytest.raises(OperationError, match=r"\*\.example-sites\.net is FAILED"):
        desk.provide()
    assert desk.patience.now < 120


def test_nobody_enters_the_records(desk) -> None:
    """After an hour it ends, and says how it goes on."""
    with pytest.raises(OperationError, match="After 60 min, no certificate is issued for") as raised:
        desk.provide()
    assert "Deploy again" in raised.value.remedy


def test_no_record_comes(desk) -> None:
    """Where Certificate Manager says none, that is said within a minute or two."""
    desk.acm.looks_without_record = 1000
    with pytest.raises(OperationError, match="no record"):
        desk.provide()
    assert desk.patience.now <= 120


@pytest.mark.emulator
def test_calls_are_as_aws_takes_them(emulator) -> None:
    """An emulator, which issues at once, takes the requests and finds the certificates again."""
    patience, acm = Patience(), emulator.client("acm")
    step = Certificates(acm, patience.waiting, patience.told.append)
    made = step.provide(OPTIONS)
    assert made.platform_certificate.startswith("arn:aws:acm:")
    assert step.provide(OPTIONS) == made
    assert len([line for line in patience.told if line.startswith("Requesting")]) == 2


def test_nothing_is_requested_to_look_ahead(desk) -> None:
    """Each domain has an ARN, for a template can be made of it; what deploying would request or wait for is told."""
    acm, told = desk.acm, desk.patience.told
    first = desk.foresee()
    assert first.platform_certificate.startswith("arn:aws:acm:us-east-1:")
    assert first.platform_certificate == first.sites_certificate
    assert [line.split(" yet")[0] for line in told] == [
        "There is no certificate for ship.example.org",
        "There is no certificate for *.example-sites.net",
    ]
    arns = (acm.add("ship.example.org", Status="ISSUED"), acm.add("*.example-sites.net"))
    told.clear()
    second = desk.foresee()
    assert (second.platform_certificate, second.sites_certificate) == arns
    assert [line.split(":")[0] for line in told] == ["The certificate for *.example-sites.net is not proven yet"]
    assert acm.requests == []
    assert desk.patience.now == 0


def test_nothing_is_foreseen_of_what_is_named(desk) -> None:
    """A zone's certificate is made by the stack, and a named one is taken as it is."""
    options = replace(OPTIONS, platform_zone="Z1", sites_certificate=NAMED)
    assert desk.foresee(options) == options
    assert desk.patience.told == []


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
