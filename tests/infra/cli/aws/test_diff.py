"""`battleshiper aws diff` where nobody has named a certificate."""

import json

import pytest

pytestmark = pytest.mark.emulator


@pytest.mark.registry
def test_certificates_that_are_not_there_yet(cloud_shell, cloud) -> None:
    """What deploying would request is told, what it would make is shown, and nothing is requested."""
    unnamed = {"BATTLESHIPER_PLATFORM_CERTIFICATE": None, "BATTLESHIPER_SITES_CERTIFICATE": None}
    done = cloud_shell.run("diff", "--json", **unnamed)
    assert done.returncode == 0, done.stderr
    for covers in ("deploy.example.com", "*.example-sites.com"):
        assert f"There is no certificate for {covers} yet: `battleshiper aws deploy` first requests one." in done.stderr
    (stack,) = json.loads(done.stdout)
    assert {change["effect"] for change in stack["changes"]} == {"added"}
    assert len(stack["changes"]) > 100
    assert cloud.client("acm", region="us-east-1").list_certificates()["CertificateSummaryList"] == []
