"""Certificate Manager, as far as requesting a certificate goes. The emulators issue at once, which nobody has to wait
for and nothing can fail at."""

from datetime import UTC, datetime
from typing import Any


class FakeAcm:
    """Its certificates wait until a test issues them."""

    class exceptions:  # noqa: N801 - as botocore has them
        ResourceNotFoundException = KeyError

    def __init__(self) -> None:
        self.certificates: dict[str, dict[str, Any]] = {}
        self.requests: list[dict[str, Any]] = []
        self.looks_without_record = 0
        """How often a certificate is looked at before there is a record for it."""
        self._by_token: dict[str, str] = {}

    def request_certificate(self, **request: str) -> dict[str, str]:
        """Answer the same token with the same certificate."""
        self.requests.append(request)
        token = request["IdempotencyToken"]
        if token not in self._by_token:
            self._by_token[token] = self.add(request["DomainName"])
        return {"CertificateArn": self._by_token[token]}

    def add(self, *names: str, **values: Any) -> str:
        """Put a certificate there."""
        number = len(self.certificates) + 1
        arn = f"arn:aws:acm:us-east-1:111111111111:certificate/{number}"
        self.certificates[arn] = {
            "CertificateArn": arn,
            "DomainName": names[0],
            "SubjectAlternativeNameSummaries": list(names),
            "Status": "PENDING_VALIDATION",
            "Type": "AMAZON_ISSUED",
            "CreatedAt": datetime(2026, 1, number, tzinfo=UTC),
            "looks": 0,
            "method": "DNS",
            **values,
        }
        return arn

    def issue(self) -> None:
        """Issue all that wait."""
        for each in self.certificates.values():
            if each["Status"] == "PENDING_VALIDATION":
                each["Status"] = "ISSUED"

    def end(self, status: str, **values: str) -> None:
        """Let all that wait fail."""
        for each in self.certificates.values():
            if each["Status"] == "PENDING_VALIDATION":
                each.update(Status=status, **values)

    def describe_certificate(self, *, CertificateArn: str) -> dict[str, Any]:  # noqa: N803 - botocore's name
        """Tell about one. The record comes a little later than the certificate."""
        found = self.certificates[CertificateArn]
        found["looks"] += 1
        option: dict[str, Any] = {"DomainName": found["DomainName"], "ValidationMethod": found["method"]}
        if found["looks"] > self.looks_without_record and found["method"] == "DNS":
            bare = found["DomainName"].removeprefix("*.")
            option["ResourceRecord"] = {
                "Name": f"_c0ffee.{bare}.",
                "Type": "CNAME",
                "Value": f"_{len(bare)}.acm-validations.aws.",
            }
        return {"Certificate": {**found, "DomainValidationOptions": [option]}}

    def get_paginator(self, operation: str) -> "FakeAcm":
        """Page through the list."""
        assert operation == "list_certificates"
        return self

    def paginate(self, **query: Any) -> list[dict[str, Any]]:
        """Return a page for each certificate, and those alone that have the usual keys unless all are asked for."""
        assert "EC_prime256v1" in query["Includes"]["keyTypes"]
        return [{"CertificateSummaryList": [each]} for each in self.certificates.values()]
