"""How `battleshiper aws deploy` begins where nothing is made yet, on an emulator of AWS."""

import os

import pytest

pytestmark = pytest.mark.emulator


def test_certificates_are_there_before_a_region_is_bootstrapped(cloud_shell, cloud) -> None:
    """Both are requested where the options name none, and found again by the next deployment; only then the CDK's own
    command is run, which fails here, before a template is made."""
    npx = cloud_shell.folder / "bin" / "npx"
    npx.parent.mkdir()
    npx.write_text("#!/bin/sh\nexit 7\n")
    npx.chmod(0o755)
    changes = {
        "PATH": f"{npx.parent}:{os.environ['PATH']}",
        "BATTLESHIPER_PLATFORM_CERTIFICATE": None,
        "BATTLESHIPER_SITES_CERTIFICATE": None,
    }
    first, second = (cloud_shell.run("deploy", "--yes", **changes) for _ in range(2))
    acm = cloud.client("acm", region="us-east-1")
    made = [each["DomainName"] for each in acm.list_certificates()["CertificateSummaryList"]]
    for each in acm.list_certificates()["CertificateSummaryList"]:
        acm.delete_certificate(CertificateArn=each["CertificateArn"])
    assert sorted(made) == ["*.example-sites.com", "deploy.example.com"]
    for done in (first, second):
        assert done.returncode == 1
        assert "bootstrap of aws://000000000000/eu-central-1 ended with exit code 7" in done.stderr
        assert "us-east-1" not in done.stdout + done.stderr  # no stack makes certificates
        assert "Stacks" not in done.stdout
    lines = first.stdout.splitlines()
    assert lines.index("Certificates") < lines.index("  Requesting a certificate for deploy.example.com")
    assert lines.index("  Requesting a certificate for *.example-sites.com") < lines.index("Bootstrap")
    assert "Requesting" not in second.stdout
