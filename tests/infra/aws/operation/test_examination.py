"""What the doctor says of certificates that nobody has named."""

from typing import Any

import pytest
from aws.certificate_manager import FakeAcm

from battleshiper.infra.aws.operation.examination import examine
from battleshiper.infra.aws.stack.options import Options
from battleshiper.infra.local.diagnosis import Finding, Verdict

DOMAINS = ("nowhere.invalid", "sites.invalid", "1", "eu-central-1")


class Anything:
    """A client whose answers are of no matter here."""

    class exceptions:  # noqa: N801 - as botocore has them
        ParameterNotFound = NoSuchHostedZone = KeyError

    def get_caller_identity(self) -> dict[str, str]:
        return {"Account": "111111111111", "Arn": "arn:aws:iam::111111111111:user/me"}

    def get_parameter(self, **_: str) -> dict[str, Any]:
        return {"Parameter": {"Value": "21"}}

    def get_service_quota(self, **_: str) -> dict[str, Any]:
        return {"Quota": {"Value": 1000.0}}

    def get_account_settings(self) -> dict[str, Any]:
        return {"AccountLimit": {"ConcurrentExecutions": 1000}}

    def get_hosted_zone(self, **query: str) -> dict[str, Any]:
        return {"HostedZone": {"Name": "invalid."}, **query}


class Account:
    """Makes clients for one region."""

    def __init__(self, region: str, acm: FakeAcm) -> None:
        self._region = region
        self._acm = acm

    def of(self, service: str) -> Any:
        if service == "acm":
            assert self._region == "us-east-1"
            return self._acm
        return Anything()


def examined(acm: FakeAcm, **options: str) -> list[Finding]:
    """Return what is found."""
    return list(examine(Options(*DOMAINS, **options), lambda region: Account(region, acm)))


def certificates(acm: FakeAcm, **options: str) -> list[Finding]:
    """Return what is found about certificates."""
    return [finding for finding in examined(acm, **options) if finding.name == "certificate"]


def test_none_is_no_obstacle() -> None:
    """Deploying requests it; who uses the CDK's command hears what that needs."""
    for finding in certificates(FakeAcm()):
        assert finding.verdict is Verdict.WEAK
        assert "`battleshiper aws deploy` requests one" in finding.remedy
        assert "docs/aws.md" in finding.remedy


@pytest.mark.parametrize(("status", "verdict"), [("ISSUED", Verdict.GOOD), ("PENDING_VALIDATION", Verdict.WEAK)])
def test_what_is_there_is_found(status, verdict) -> None:
    """The one that deploying takes, too."""
    acm = FakeAcm()
    acm.add("nowhere.invalid", Status=status)
    first, second = certificates(acm)
    assert (first.verdict, second.verdict) == (verdict, Verdict.WEAK)
    assert "nowhere.invalid" in first.found
    assert "none for *.sites.invalid" in second.found
    assert acm.requests == []


def test_a_zone_is_enough() -> None:
    """The stack makes both then, for which us-east-1 has to be bootstrapped."""
    findings = examined(FakeAcm(), platform_zone="Z1", sites_zone="Z1")
    assert {each.verdict for each in findings} == {Verdict.GOOD}
    assert [each.found for each in findings if each.name == "bootstrap"] == [
        "version 21 in eu-central-1",
        "version 21 in us-east-1",
    ]


def test_what_is_requested_needs_no_second_bootstrap() -> None:
    """No stack is deployed to us-east-1 for it."""
    assert len([each for each in examined(FakeAcm()) if each.name == "bootstrap"]) == 1
