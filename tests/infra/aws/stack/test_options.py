"""What an operator decides, and what cannot be."""

import pytest

from battleshiper.infra.aws.stack.options import Options, OptionsError

GIVEN = {
    "BATTLESHIPER_PLATFORM_DOMAIN": "deploy.example.com",
    "BATTLESHIPER_SITES_DOMAIN": "example-sites.com",
    "BATTLESHIPER_GITHUB_APP_ID": "1",
    "AWS_REGION": "eu-central-1",
}


def test_the_region_is_the_usual_one_of_aws() -> None:
    """The variable that AWS's own tools read is enough, and ours goes before it."""
    assert Options.of(GIVEN).region == "eu-central-1"
    assert Options.of({**GIVEN, "BATTLESHIPER_REGION": "us-east-1"}).region == "us-east-1"


def test_everything_wrong_is_said_at_once() -> None:
    """Each missing variable is named."""
    with pytest.raises(OptionsError) as raised:
        Options.of({"BATTLESHIPER_RETENTION_DAYS": "many"})
    said = str(raised.value)
    for name in ("PLATFORM_DOMAIN", "SITES_DOMAIN", "GITHUB_APP_ID", "REGION", "RETENTION_DAYS"):
        assert f"BATTLESHIPER_{name}" in said


@pytest.mark.parametrize(
    ("name", "value"), [("PREVIEW_DAYS", "0"), ("PREVIEW_DAYS", "3651"), ("PRODUCTION_DEPLOYMENTS", "1001")]
)
def test_what_cannot_be_kept(name: str, value: str) -> None:
    """How long previews and how many production deployments are kept has bounds, which are said."""
    with pytest.raises(OptionsError, match=f"BATTLESHIPER_{name} must be a number from 1 to .*{value}"):
        Options.of({**GIVEN, f"BATTLESHIPER_{name}": value})
    options = Options.of({**GIVEN, "BATTLESHIPER_PREVIEW_DAYS": "7", "BATTLESHIPER_PRODUCTION_DEPLOYMENTS": "3"})
    assert (options.preview_days, options.production_deployments) == (7, 3)


def test_sites_do_not_live_below_the_platform() -> None:
    """Pages of tenants could set cookies for it."""
    with pytest.raises(OptionsError, match="cookies"):
        Options.of({**GIVEN, "BATTLESHIPER_SITES_DOMAIN": "sites.deploy.example.com"})


@pytest.mark.parametrize("region", ["af-south-1", "ap-east-1", "eu-south-1", "me-south-1"])
def test_regions_without_access_logs(region: str) -> None:
    """CloudFormation would find it out after a quarter of an hour."""
    with pytest.raises(OptionsError, match=f"cannot be {region}"):
        Options.of({**GIVEN, "BATTLESHIPER_REGION": region})
