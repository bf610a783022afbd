"""`battleshiper aws doctor`, asked of an emulator."""

import json

import pytest

pytestmark = pytest.mark.emulator


@pytest.fixture
def bootstrapped(cloud):
    """An account that the CDK was bootstrapped in."""
    ssm = cloud.client("ssm")
    name = "/cdk-bootstrap/hnb659fds/version"
    ssm.put_parameter(Name=name, Value="21", Type="String")
    yield
    ssm.delete_parameter(Name=name)


def found(done) -> dict[str, list[dict[str, str]]]:
    by_name: dict[str, list[dict[str, str]]] = {}
    for each in json.loads(done.stdout):
        by_name.setdefault(each["name"], []).append(each)
    return by_name


def test_an_empty_account(cloud_shell) -> None:
    """What is missing is named with what to do, and the exit code says so."""
    done = cloud_shell.run("doctor", "--json")
    assert done.returncode == 1, done.stderr
    findings = found(done)
    assert "account 000000000000" in findings["credentials"][0]["found"]
    assert findings["bootstrap"][0]["verdict"] == "bad"
    assert "aws-cdk@2 bootstrap" in findings["bootstrap"][0]["remedy"]
    assert [each["verdict"] for each in findings["certificate"]] == ["bad", "bad"]


def test_a_bootstrapped_account(cloud_shell, bootstrapped) -> None:
    """The bootstrap is found with its version."""
    (finding,) = found(cloud_shell.run("doctor", "--json"))["bootstrap"]
    assert (finding["verdict"], finding["found"]) == ("good", "version 21 in eu-central-1")


def test_a_zone_of_another_domain(cloud_shell, cloud) -> None:
    """A hosted zone that the domain is not in is refused, one that it is in is not."""
    route53 = cloud.client("route53")
    zones = [route53.create_hosted_zone(Name=name, CallerReference=name) for name in ("example.com", "other.org")]
    platform, sites = (zone["HostedZone"]["Id"].rsplit("/", 1)[-1] for zone in zones)
    done = cloud_shell.run("doctor", "--json", BATTLESHIPER_PLATFORM_ZONE=platform, BATTLESHIPER_SITES_ZONE=sites)
    first, second = found(done)["DNS"]
    assert first["verdict"] == "good"
    assert (second["verdict"], second["found"]) == ("bad", "example-sites.com is not in the zone other.org")


def test_nobody_is_signed_in(cloud_shell) -> None:
    """Without credentials nothing else is asked."""
    done = cloud_shell.run("doctor", "--json", AWS_ACCESS_KEY_ID=None, AWS_SECRET_ACCESS_KEY=None)
    assert done.returncode == 1
    assert list(found(done)) == ["credentials"]
