"""The real templates, as the commands that deploy and destroy them see them."""

import json

import pytest

from battleshiper.infra.aws.operation.account import Account
from battleshiper.infra.aws.operation.stacks.changes import additions, read_change
from battleshiper.infra.aws.operation.stacks.manifest import PlannedStack, read_assembly
from battleshiper.infra.aws.operation.teardown.erasure import Eraser
from battleshiper.infra.aws.operation.teardown.remains import BUCKET, SITES_ROLE, Remain, kept_by
from battleshiper.infra.aws.stack.names import CERTIFICATES_STACK, STACK

ACCOUNT = Account("111111111111")
OF_OTHER_THINGS = {
    "AWS::Batch::SchedulingPolicy",
    "AWS::CloudFront::CachePolicy",
    "AWS::CloudFront::OriginRequestPolicy",
    "AWS::CloudFront::ResponseHeadersPolicy",
}
"""Policies that say nothing of who may do what."""


@pytest.fixture(scope="module")
def stacks(synthesise) -> tuple[PlannedStack, ...]:
    """The stacks of a platform whose certificates are made."""
    zones = {"platform_zone": "Z1", "sites_zone": "Z2", "platform_certificate": "", "sites_certificate": ""}
    return read_assembly(synthesise(**zones), ACCOUNT)


def test_the_certificates_come_first(stacks) -> None:
    """Both stacks are found, in the order in which they can be made, each in its region."""
    assert [(stack.name, stack.region) for stack in stacks] == [
        (CERTIFICATES_STACK, "us-east-1"),
        (STACK, "eu-central-1"),
    ]


def test_everything_to_upload_is_there(stacks) -> None:
    """Each file exists, and goes to the bucket of the stack's region; nothing is left to be filled in."""
    for stack in stacks:
        assert len(stack.assets) >= 2
        for asset in stack.assets:
            assert asset.path.is_dir() if asset.is_folder else asset.path.is_file()
            assert asset.bucket == f"cdk-hnb659fds-assets-111111111111-{stack.region}"
            assert "$" not in asset.key
        assert "$" not in stack.template_url + stack.role


def test_templates_are_small_enough(stacks) -> None:
    """CloudFormation takes 1 MB from a bucket
    (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html)."""
    assert all(stack.template.stat().st_size < 1_000_000 for stack in stacks)


def test_what_is_kept_holds_data_and_can_be_erased(template) -> None:
    """Whatever the template keeps is guarded by `deploy` and deleted by `destroy --data`."""
    kept = {name: template.resources[name]["Type"] for name in kept_by(template.content)}
    assert len(kept) > 8
    eraser = Eraser(lambda region: None)  # type: ignore[arg-type,return-value]
    for name, kind in kept.items():
        removed = {"Action": "Remove", "LogicalResourceId": name, "ResourceType": kind}
        assert read_change(removed).endangers_data, kind
        assert eraser.can_erase(Remain(kind, name, "eu-central-1")), kind


def test_buckets_that_go(template) -> None:
    """There is such a bucket, which `destroy` has to empty."""
    gone = template.of_type(BUCKET).keys() - kept_by(template.content)
    assert len(gone) == 1


def test_roles_and_policies_are_about_security(stacks) -> None:
    """Of a new stack, everything that says who may do what is named."""
    for stack in stacks:
        for change in additions(json.loads(stack.template.read_text())):
            if change.type.startswith("AWS::IAM::") or change.type.endswith(("Policy", "Permission")):
                assert change.concerns_security or change.type in OF_OTHER_THINGS, change.type


def test_the_role_of_sites_functions_is_known_by_its_name(template) -> None:
    """CloudFormation names the role after the stack and its logical id, by which `destroy` tells sites' functions from
    those of others."""
    (role,) = (name for name in template.of_type("AWS::IAM::Role") if name.startswith("SiteRole"))
    assert f"{STACK}-{role}".startswith(SITES_ROLE)
    assert "RoleName" not in template.of_type("AWS::IAM::Role")[role]
