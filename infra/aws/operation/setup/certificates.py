"""Certificates for domains whose DNS is elsewhere: found or requested, and waited for until they are proven."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from battleshiper.infra.aws.operation.account import asking
from battleshiper.infra.aws.operation.error import OperationError
from battleshiper.infra.aws.operation.setup.dns import ADVICE, Record, table
from battleshiper.infra.aws.operation.waiting import Hint, Tell, Waiting, duration
from battleshiper.infra.aws.stack.domain import both_domains
from battleshiper.infra.aws.stack.options import Options

ISSUED = "ISSUED"
PENDING = "PENDING_VALIDATION"
_DEAD = ("FAILED", "VALIDATION_TIMED_OUT")
_TOKEN_LENGTH = 32
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_KEY_TYPES = ("RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1")
"""All of them: without this, the list leaves out those with other keys than the usual
(https://docs.aws.amazon.com/acm/latest/APIReference/API_Filters.html)."""
_NOBODYS = "arn:aws:acm:us-east-1:000000000000:certificate/00000000-0000-0000-0000-000000000000"
_RECORD_SECONDS = 60.0
_LONGEST_SECONDS = 3600.0
_HINTS = (
    Hint(300.0, "Amazon looks for the record every few minutes. Ask for it as Amazon does: dig +short CNAME <name>"),
    Hint(900.0, f"No answer? {ADVICE}"),
    Hint(1800.0, "Are the name servers that you entered it at those that the domain's registrar names?"),
)


@dataclass(frozen=True, slots=True)
class Certificate:
    """One as the list of all shows it."""

    arn: str
    covers: frozenset[str]
    """Names in small letters, as Certificate Manager keeps them, too."""
    status: str
    type: str
    made_at: datetime

    @classmethod
    def of(cls, summary: Any) -> "Certificate":
        """Return what a summary of ListCertificates says."""
        return cls(
            summary["CertificateArn"],
            frozenset(
                name.lower() for name in (summary["DomainName"], *summary.get("SubjectAlternativeNameSummaries", ()))
            ),
            summary["Status"],
            summary.get("Type", "AMAZON_ISSUED"),
            summary.get("CreatedAt", _LONG_AGO),
        )


def find(covers: str, known: Iterable[Certificate]) -> Certificate | None:
    """Return the certificate to use for a name, an issued one first, then the newest; None where there is none.

    One that waits for more names than this would want records that are none of the platform's. Imported ones nobody
    renews: whoever wants one names it.
    """
    usable = [
        each
        for each in known
        if each.type == "AMAZON_ISSUED"
        and ((each.status == ISSUED and covers in each.covers) or (each.status == PENDING and each.covers == {covers}))
    ]
    return max(usable, key=lambda each: (each.status == ISSUED, each.made_at, each.arn), default=None)


def idempotency_token(covers: str, known: Iterable[Certificate]) -> str:
    """Return the token to request with: for an hour, Certificate Manager answers the same token with the same
    certificate (https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html). One that has failed
    since makes another token, or that one would be the answer."""
    dead = sorted(each.arn for each in known if each.status in _DEAD and covers in each.covers)
    return sha256("\n".join((covers, *dead)).encode()).hexdigest()[:_TOKEN_LENGTH]


@dataclass(frozen=True, slots=True)
class Proof:
    """How far a certificate is."""

    status: str
    reason: str
    records: tuple[Record, ...]
    """What proves that the names are ours; empty while Certificate Manager has not made it up, or where a mail does."""
    by_dns: bool

    @classmethod
    def of(cls, detail: Any) -> "Proof":
        """Return what DescribeCertificate says."""
        options = detail.get("DomainValidationOptions", ())
        found = [each["ResourceRecord"] for each in options if "ResourceRecord" in each]
        records = tuple(Record.of(each["Name"], each["Value"]) for each in found) if len(found) == len(options) else ()
        by_dns = all(each.get("ValidationMethod", "DNS") == "DNS" for each in options)
        return cls(detail["Status"], detail.get("FailureReason", ""), records, by_dns)


_AGAIN = "Then deploy again: a new one is requested."
_REMEDIES = {
    "CAA_ERROR": (
        "A CAA record of the domain, or of one above it, lets others alone issue certificates. Add one with the value "
        '0 issue "amazon.com" (where there is an issuewild record, also 0 issuewild "amazon.com"), or remove it. '
        f"{_AGAIN}"
    ),
    "DOMAIN_NOT_ALLOWED": f"Amazon takes the domain for unsafe. Ask AWS Support, or take another domain. {_AGAIN}",
    "ADDITIONAL_VERIFICATION_REQUIRED": f"Amazon wants to know more about the domain: ask AWS Support. {_AGAIN}",
    "INVALID_PUBLIC_DOMAIN": f"Is the domain spelled right? Its end is none that is public. {_AGAIN}",
    "VALIDATION_TIMED_OUT": (
        "The record was not seen within 72 hours. Deploy again: a new certificate is requested, with a record to enter."
    ),
}


def remedy_for(proof: Proof) -> str:
    """Return what to do about a certificate that will never be issued
    (https://docs.aws.amazon.com/acm/latest/userguide/troubleshooting-failed.html)."""
    return _REMEDIES.get(proof.reason or proof.status, f"Certificate Manager's page says more about it. {_AGAIN}")


class Certificates:
    """Finds or requests them in us-east-1. Repeating makes no second one."""

    def __init__(self, acm: Any, waiting: Waiting, tell: Tell, longest_seconds: float = _LONGEST_SECONDS) -> None:
        """`acm` is Certificate Manager's client in us-east-1."""
        self._acm = acm
        self._waiting = waiting
        self._tell = tell
        self._longest_seconds = longest_seconds

    def provide(self, options: Options) -> Options:
        """Return the options with a certificate for each domain that names neither a zone nor a certificate, once it
        is issued. Raises OperationError; calling again goes on with the same certificates."""
        lacking = _lacking(options)
        if not lacking:
            return options
        known = list_certificates(self._acm)
        arns = {covers: self._find_or_request(covers.lower(), known) for covers in lacking}
        self._prove(arns)
        return _with(options, arns)

    def foresee(self, options: Options) -> Options:
        """Return what `provide` would, and request nothing: what is not there yet has an ARN that is nobody's, and is
        told. Raises OperationError."""
        lacking = _lacking(options)
        known = list_certificates(self._acm) if lacking else []
        found = {covers: find(covers.lower(), known) for covers in lacking}
        for covers, certificate in found.items():
            if certificate is None:
                self._tell(f"There is no certificate for {covers} yet: `battleshiper aws deploy` first requests one.")
            elif certificate.status != ISSUED:
                self._tell(f"The certificate for {covers} is not proven yet: `battleshiper aws deploy` waits for that.")
        return _with(options, {covers: each.arn if each else _NOBODYS for covers, each in found.items()})

    def _find_or_request(self, covers: str, known: list[Certificate]) -> str:
        while found := find(covers, known):
            if found.status != PENDING or self._look(found.arn).by_dns:
                return found.arn
            known = [each for each in known if each is not found]  # a mail would be waited for
        self._tell(f"Requesting a certificate for {covers}")
        with asking(f"request a certificate for {covers}"):
            arn: str = self._acm.request_certificate(
                DomainName=covers, ValidationMethod="DNS", IdempotencyToken=idempotency_token(covers, known)
            )["CertificateArn"]
        return arn

    def _prove(self, arns: Mapping[str, str]) -> None:
        """Show what is to be entered, and wait until every certificate is issued."""
        pending = self._pending(arns)
        if not pending:
            return
        self._tell("Enter these records at your DNS; they must stay there, for certificates are renewed by them:")
        for line in table([record for covers in sorted(pending) for record in self._records(covers, arns[covers])]):
            self._tell(line)
        self._tell(f"  {ADVICE}")

        def look() -> bool | None:
            for covers in pending - (left := self._pending({covers: arns[covers] for covers in pending})):
                self._tell(f"The certificate for {covers} is issued.")
                pending.remove(covers)
            return None if left else True

        if self._waiting.until(look, "the certificates", most=self._longest_seconds, hints=_HINTS):
            return
        raise OperationError(
            f"After {duration(self._longest_seconds)}, no certificate is issued for {' and '.join(sorted(pending))}.",
            "Deploy again when the records are entered: it goes on with the same certificates, whose records stay good "
            "for 72 hours.",
        )

    def _pending(self, arns: Mapping[str, str]) -> set[str]:
        return {covers for covers, arn in arns.items() if self._judged(covers, self._look(arn)).status != ISSUED}

    def _records(self, covers: str, arn: str) -> tuple[Record, ...]:
        def look() -> tuple[Record, ...] | None:
            return self._judged(covers, self._look(arn)).records or None

        found = self._waiting.until(look, f"the record that proves {covers}", every=3.0, most=_RECORD_SECONDS)
        if found is None:
            raise OperationError(f"Certificate Manager says no record for {arn}.", "Deploy again in a few minutes.")
        return found

    def _look(self, arn: str) -> Proof:
        with asking(f"look at the certificate {arn}"):
            return Proof.of(self._acm.describe_certificate(CertificateArn=arn)["Certificate"])

    @staticmethod
    def _judged(covers: str, proof: Proof) -> Proof:
        """Return it, or raise OperationError where it will never be issued."""
        if proof.status not in (ISSUED, PENDING):
            why = f"{proof.status} ({proof.reason})" if proof.reason else proof.status
            raise OperationError(f"The certificate for {covers} is {why}.", remedy_for(proof))
        return proof


def _lacking(options: Options) -> list[str]:
    return [each.covers for each in both_domains(options) if each.lacks_certificate]


def _with(options: Options, arns: Mapping[str, str]) -> Options:
    platform, sites = (arns.get(each.covers, each.certificate) for each in both_domains(options))
    return replace(options, platform_certificate=platform, sites_certificate=sites)


def list_certificates(acm: Any) -> list[Certificate]:
    """Return every certificate that `acm` knows; raises OperationError."""
    with asking("list the certificates"):
        pages = acm.get_paginator("list_certificates").paginate(Includes={"keyTypes": list(_KEY_TYPES)})
        return [Certificate.of(each) for page in pages for each in page["CertificateSummaryList"]]
