"""A certificate in Certificate Manager, and which of them will do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from battleshiper.infra.aws.operation.record import Record

ISSUED = "ISSUED"
PENDING = "PENDING_VALIDATION"
_DEAD = ("FAILED", "VALIDATION_TIMED_OUT")
_TOKEN_LENGTH = 32
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


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
