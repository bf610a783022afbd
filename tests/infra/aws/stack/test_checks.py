"""What others check about templates: cdk-nag's rules for AWS solutions, and CloudFormation's own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from aws_cdk import Acknowledgment, Validations

KNOWN = {
    # The CDK names a role's policies and, with them, the role again.
    "W3005"
}


def test_cdk_nag_finds_nothing_that_has_no_reason(assembly: Path) -> None:
    """Synthesis ends without a complaint of its rules."""
    report = json.loads((assembly / "validation-report.json").read_text())
    assert [each["violations"] for each in report["pluginReports"] if each["violations"]] == []


def test_everything_accepted_is_objected_to(synthesise, monkeypatch) -> None:
    """Without our reasons the rules object to exactly what we give reasons for: none is a leftover, none is a word."""
    accepted: dict[str, str] = {}

    def remember(_: Validations, *rules: Acknowledgment) -> None:
        accepted.update({rule.id: rule.reason for rule in rules})

    monkeypatch.setattr(Validations, "acknowledge", remember)
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        synthesise()
    reports = json.loads((synthesise.last / "validation-report.json").read_text())["pluginReports"]
    found = {violation["ruleName"] for report in reports for violation in report["violations"]}
    assert found == set(accepted)
    assert [reason for reason in accepted.values() if len(reason.split()) < 5] == []


def test_cfn_lint_finds_nothing(assembly: Path) -> None:
    """The templates are what CloudFormation takes, circles included."""
    templates = sorted(str(path) for path in assembly.glob("*.template.json"))
    command = [str(Path(sys.executable).with_name("cfn-lint")), "--format", "json", "--", *templates]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    found = json.loads(said.stdout or "[]")
    assert [each for each in found if each["Rule"]["Id"] not in KNOWN] == []
