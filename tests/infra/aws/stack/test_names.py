"""Where the stacks are."""

import pytest

from battleshiper.infra.aws.stack.names import has_certificates_stack, regions_of
from battleshiper.infra.aws.stack.options import Options

DOMAINS = ("ship.example.org", "example-sites.net", "1")


@pytest.mark.parametrize(
    ("named", "is_made"),
    [
        ({"platform_zone": "Z1", "sites_zone": "Z2"}, True),
        ({"platform_zone": "Z1", "sites_certificate": "arn:2"}, True),
        ({"platform_zone": "Z1", "platform_certificate": "arn:1", "sites_certificate": "arn:2"}, False),
        ({}, False),
    ],
)
def test_certificates_in_a_stack_of_their_own(named, is_made) -> None:
    """Only where a zone has to get one, and not for the records alone; what neither names is requested."""
    options = Options(*DOMAINS, "eu-central-1", **named)
    assert has_certificates_stack(options) is is_made
    assert regions_of(options) == (("eu-central-1", "us-east-1") if is_made else ("eu-central-1",))


def test_all_in_one_region() -> None:
    """Where the platform is in us-east-1, its own stack makes the certificates."""
    options = Options(*DOMAINS, "us-east-1", platform_zone="Z1", sites_zone="Z2")
    assert regions_of(options) == ("us-east-1",)
    assert not has_certificates_stack(options)
