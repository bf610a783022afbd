"""Certificates and DNS records, made where the hosted zone is in the account."""

from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_route53 as route53
from constructs import Construct

from battleshiper.infra.aws.stack.domain import Domain, both_domains
from battleshiper.infra.aws.stack.options import Options, OptionsError

_CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2"
"""CloudFront's own hosted zone, in all regions but China
(https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-route53-aliastarget.html)."""
_MISSING = (
    "Set BATTLESHIPER_{name}_ZONE to the id of the Route 53 hosted zone of {domain}, or "
    "BATTLESHIPER_{name}_CERTIFICATE to the ARN of a certificate for {covers} in us-east-1; "
    "`battleshiper aws deploy` needs neither, and requests one."
)


def domains_of(options: Options) -> tuple[Domain, Domain]:
    """Return the platform's domain and the sites'; raises OptionsError where a certificate can come from nowhere."""
    domains = both_domains(options)
    problems = [
        _MISSING.format(name=each.name.upper(), domain=each.domain, covers=each.covers)
        for each in domains
        if each.lacks_certificate
    ]
    if problems:
        raise OptionsError(problems)
    return domains


class Certificates(Construct):
    """The certificates that have to be made, in us-east-1. `arns` has one for each domain, by its name."""

    def __init__(self, scope: Construct, id: str, domains: tuple[Domain, ...]) -> None:
        super().__init__(scope, id)
        self.arns = {each.name: each.certificate or self._make(each) for each in domains}

    def _make(self, domain: Domain) -> str:
        zone = route53.HostedZone.from_hosted_zone_id(self, f"{domain.name}Zone", domain.zone)
        certificate = acm.Certificate(
            self, domain.name, domain_name=domain.covers, validation=acm.CertificateValidation.from_dns(zone)
        )
        return certificate.certificate_arn


def add_record(scope: Construct, domain: Domain, target: str) -> str:
    """Point a domain to a distribution's name where its zone is in the account. Return the record that somebody has
    to enter elsewhere; it is empty when none is to be entered."""
    if not domain.zone:
        return f"{domain.covers} CNAME {target}"
    for kind in ("A", "AAAA"):
        route53.CfnRecordSet(
            scope,
            f"{domain.name}{kind}",
            hosted_zone_id=domain.zone,
            name=domain.covers,
            type=kind,
            alias_target=route53.CfnRecordSet.AliasTargetProperty(dns_name=target, hosted_zone_id=_CLOUDFRONT_ZONE),
        )
    return ""
