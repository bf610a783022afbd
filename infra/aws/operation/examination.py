"""What an account has of what the platform needs."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from battleshiper.infra.aws.operation.account import asking
from battleshiper.infra.aws.operation.error import OperationError
from battleshiper.infra.aws.operation.setup.bootstrap import LEAST_VERSION, bootstrap_version
from battleshiper.infra.aws.operation.setup.certificates import ISSUED, find, list_certificates
from battleshiper.infra.aws.operation.setup.dns import concrete
from battleshiper.infra.aws.operation.setup.resolution import resolve
from battleshiper.infra.aws.stack.domain import Domain, both_domains
from battleshiper.infra.aws.stack.names import CERTIFICATES_REGION, regions_of
from battleshiper.infra.aws.stack.options import Options
from battleshiper.infra.local.diagnosis import Finding, Verdict

if TYPE_CHECKING:
    from battleshiper.infra.aws.clients import Clients

BOOTSTRAP, CERTIFICATE = "bootstrap", "certificate"
"""Findings that a deployment sees to by itself."""
_VCPUS_PER_BUILD = 2
_MIN_CONCURRENCY = 100
_FARGATE = {
    "Fargate Spot": "L-36FBB829",
    "Fargate": "L-3032A538",
}
"""Codes of the quotas “Fargate Spot vCPU resource count” and “Fargate On-Demand vCPU resource count”, as
`aws service-quotas list-service-quotas --service-code fargate` tells them
(https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_ListServiceQuotas.html)."""


def examine(options: Options, clients_in: "Callable[[str], Clients]") -> Iterator[Finding]:
    """Yield a finding for each thing; nothing is changed. Ends early without credentials."""
    here, there = clients_in(options.region), clients_in(CERTIFICATES_REGION)
    try:
        yield _credentials(here.of("sts"))
    except OperationError as error:
        yield Finding("credentials", Verdict.BAD, error.message, error.remedy)
        return
    checks: list[tuple[str, Callable[[], Finding]]] = [
        *((BOOTSTRAP, partial(_bootstrap, clients_in(each).of("ssm"), each)) for each in regions_of(options)),
        *((name, partial(_vcpus, here.of("service-quotas"), name, options.most_vcpus)) for name in _FARGATE),
        ("Lambda", partial(_concurrency, here.of("lambda"))),
    ]
    for domain in both_domains(options):
        checks.append((CERTIFICATE, partial(_certificate, there.of("acm"), domain)))
        checks.append(("DNS", partial(_name, here.of("route53"), domain)))
    for name, check in checks:
        try:
            yield check()
        except OperationError as error:
            yield Finding(name, Verdict.WEAK, error.message, error.remedy)


def _credentials(sts: Any) -> Finding:
    with asking("tell who you are"):
        caller = sts.get_caller_identity()
    return Finding("credentials", Verdict.GOOD, f"account {caller['Account']}, {caller['Arn']}")


def _bootstrap(ssm: Any, region: str) -> Finding:
    remedy = f"`battleshiper aws deploy` does it; by itself: npx aws-cdk@2 bootstrap aws://<account>/{region}"
    version = bootstrap_version(ssm, region)
    if version is None:
        return Finding(BOOTSTRAP, Verdict.BAD, f"the CDK is not bootstrapped in {region}", remedy)
    if version < LEAST_VERSION:
        return Finding(BOOTSTRAP, Verdict.BAD, f"{region} has version {version} of the CDK's bootstrap", remedy)
    return Finding(BOOTSTRAP, Verdict.GOOD, f"version {version} in {region}")


def _vcpus(quotas: Any, name: str, wanted: int) -> Finding:
    with asking(f"read the quota of {name}"):
        there = int(quotas.get_service_quota(ServiceCode="fargate", QuotaCode=_FARGATE[name])["Quota"]["Value"])
    found = f"{there} vCPUs, which is {there // _VCPUS_PER_BUILD} builds at once"
    if there < _VCPUS_PER_BUILD:
        return Finding(name, Verdict.BAD, found, f'Ask for more "{name} vCPU resource count" in Service Quotas.')
    if there < wanted:
        remedy = f"BATTLESHIPER_MOST_VCPUS is {wanted}: ask for more in Service Quotas, AWS Fargate."
        return Finding(name, Verdict.WEAK, found, remedy)
    return Finding(name, Verdict.GOOD, found)


def _concurrency(functions: Any) -> Finding:
    with asking("read the quota of Lambda's concurrency"):
        there = functions.get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
    if there < _MIN_CONCURRENCY:
        remedy = "Platform and sites share them: ask for 1,000 “Concurrent executions” in Service Quotas, AWS Lambda."
        return Finding("Lambda", Verdict.WEAK, f"{there} executions at once", remedy)
    return Finding("Lambda", Verdict.GOOD, f"{there} executions at once")


def _certificate(acm: Any, domain: Domain) -> Finding:
    covers, arn = domain.covers, domain.certificate
    if not arn and domain.zone:
        return Finding(CERTIFICATE, Verdict.GOOD, f"for {covers}, is made when the platform is deployed")
    if not arn:
        return _certificate_to_request(acm, covers)
    with asking(f"look at the certificate {arn}"):
        try:
            found = acm.describe_certificate(CertificateArn=arn)["Certificate"]
        except acm.exceptions.ResourceNotFoundException:
            remedy = "Is it of this account, and in us-east-1?"
            return Finding(CERTIFICATE, Verdict.BAD, f"there is no {arn}", remedy)
    if covers not in {found["DomainName"], *found.get("SubjectAlternativeNames", ())}:
        return Finding(CERTIFICATE, Verdict.BAD, f"{arn} does not cover {covers}", f"Request one for {covers}.")
    if found["Status"] != "ISSUED":
        remedy = "Enter the DNS record that Certificate Manager shows for it, and wait."
        return Finding(CERTIFICATE, Verdict.BAD, f"for {covers} is {found['Status']}", remedy)
    return Finding(CERTIFICATE, Verdict.GOOD, f"for {covers} is issued")


def _certificate_to_request(acm: Any, covers: str) -> Finding:
    """Tell what `battleshiper aws deploy` finds, and what it will do. The CDK's own command would find nothing."""
    found = find(covers.lower(), list_certificates(acm))
    if found and found.status == ISSUED:
        return Finding(CERTIFICATE, Verdict.GOOD, f"for {covers} is issued, and used by `battleshiper aws deploy`")
    if found:
        remedy = "`battleshiper aws deploy` shows the DNS record to enter, and waits."
        return Finding(CERTIFICATE, Verdict.WEAK, f"for {covers} is requested, and not yet proven", remedy)
    remedy = (
        "`battleshiper aws deploy` requests one, shows the DNS record to enter, and waits. The CDK's own command needs "
        "a hosted zone or a certificate: see docs/aws.md."
    )
    return Finding(CERTIFICATE, Verdict.WEAK, f"none for {covers} yet", remedy)


def _name(route53: Any, entry: Domain) -> Finding:
    domain, covers, zone = entry.domain, entry.covers, entry.zone
    if zone:
        with asking(f"look at the hosted zone {zone}"):
            try:
                found = route53.get_hosted_zone(Id=zone)["HostedZone"]["Name"].rstrip(".")
            except route53.exceptions.NoSuchHostedZone:
                return Finding("DNS", Verdict.BAD, f"there is no hosted zone {zone}", "Is it of this account?")
        if domain != found and not domain.endswith(f".{found}"):
            return Finding("DNS", Verdict.BAD, f"{domain} is not in the zone {found}", "Name the zone it is in.")
        return Finding("DNS", Verdict.GOOD, f"{covers} is entered in the zone {found} by the stack")
    if resolve(concrete(covers)) is None:
        remedy = "Enter the record that `battleshiper aws deploy` shows when the platform is there."
        return Finding("DNS", Verdict.WEAK, f"{covers} leads nowhere yet", remedy)
    return Finding("DNS", Verdict.GOOD, f"{covers} leads somewhere")
