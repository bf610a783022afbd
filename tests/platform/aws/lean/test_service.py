"""What is said to services, and where, is what AWS's own library says."""

import pytest
from botocore.session import Session

from battleshiper.platform.aws.lean.service import SERVICES, endpoint_of

SESSION = Session()
PLACES = [
    (service, region)
    for service in SERVICES
    for partition in ("aws", "aws-cn", "aws-us-gov")
    for region in SESSION.get_available_regions(service, partition)
]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_spoken_to_as_its_model_says(name: str) -> None:
    """The protocol, its version and the names of targets."""
    told = SESSION.get_service_model(name).metadata
    assert told["protocol"] == "json"
    assert (told["targetPrefix"], told["jsonVersion"]) == (SERVICES[name].target, SERVICES[name].version)
    assert told.get("signingName", told["endpointPrefix"]) == name


def test_every_region_is_found() -> None:
    """The address of each service in each region."""
    assert len(PLACES) > 60
    for service, region in PLACES:
        theirs = SESSION.create_client(
            service, region, aws_access_key_id="a", aws_secret_access_key="s"
        ).meta.endpoint_url
        assert endpoint_of(service, region, {}).geturl() == theirs


def test_another_place() -> None:
    """One service may be elsewhere, or all."""
    told = {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_ENDPOINT_URL_DYNAMODB": "http://127.0.0.1:2"}
    assert endpoint_of("events", "eu-central-1", told).netloc == "127.0.0.1:1"
    assert endpoint_of("dynamodb", "eu-central-1", told).netloc == "127.0.0.1:2"
