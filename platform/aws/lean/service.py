"""The services that the small client speaks to, and where they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit


@dataclass(frozen=True, slots=True)
class Service:
    """A service with one of the JSON protocols
    (https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html)."""

    name: str
    """In its address, and in signatures."""
    target: str
    """Before the operation's name in the header that tells it."""
    version: str
    """Of the protocol."""


SERVICES = {
    service.name: service
    for service in (
        Service("dynamodb", "DynamoDB_20120810", "1.0"),
        Service("events", "AWSEvents", "1.1"),
        Service("secretsmanager", "secretsmanager", "1.1"),
    )
}


def endpoint_of(service: str, region: str, environment: Mapping[str, str]) -> SplitResult:
    """Return where a service is asked. AWS_ENDPOINT_URL names another place for all services, and
    AWS_ENDPOINT_URL_<SERVICE> for one (https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html)."""
    told = environment.get(f"AWS_ENDPOINT_URL_{service.upper()}") or environment.get("AWS_ENDPOINT_URL")
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    return urlsplit(told or f"https://{service}.{region}.{suffix}")
