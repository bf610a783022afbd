"""Certificates and DNS records: made where the zone is in the account, else told to the operator."""

import json

import pytest

from battleshiper.infra.aws.stack.options import OptionsError

ZONES = {"platform_zone": "Z1PLATFORM", "sites_zone": "Z2SITES", "platform_certificate": "", "sites_certificate": ""}


def test_records_to_enter_are_told(template) -> None:
    """Without a zone, the outputs say each record as it is to be entered, and none is made."""
    outputs = template.content["Outputs"]
    assert json.dumps(outputs["PlatformRecord"]["Value"]).startswith('{"Fn::Join": ["", ["deploy.example.com CNAME ')
    assert json.dumps(outputs["SitesRecord"]["Value"]).startswith('{"Fn::Join": ["", ["*.example-sites.com CNAME ')
    assert template.of_type("AWS::Route53::RecordSet", "AWS::CertificateManager::Certificate") == {}


def test_with_zones_everything_is_made(synthesise) -> None:
    """In the region where CloudFront looks for certificates, they and the records are in the one stack."""
    out = synthesise(region="us-east-1", **ZONES)
    resources = json.loads((out / "Battleshiper.template.json").read_text())["Resources"].values()
    names = {each["Properties"]["Name"] for each in resources if each["Type"] == "AWS::Route53::RecordSet"}
    assert names == {"deploy.example.com", "*.example-sites.com"}
    covered = {
        each["Properties"]["DomainName"] for each in resources if each["Type"] == "AWS::CertificateManager::Certificate"
    }
    assert covered == {"deploy.example.com", "*.example-sites.com"}
    assert len(list(out.glob("*.template.json"))) == 1


def test_a_certificate_that_can_come_from_nowhere_is_named(synthesise) -> None:
    """The operator hears which variables would do."""
    with pytest.raises(OptionsError, match=r"BATTLESHIPER_SITES_ZONE .* or BATTLESHIPER_SITES_CERTIFICATE") as raised:
        synthesise(sites_certificate="")
    assert len(raised.value.problems) == 1
