"""AWS's quotas, and how much of each a load takes."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.scale.load import Load

_DOCS = "https://docs.aws.amazon.com"
_CLOUDFRONT = f"{_DOCS}/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html"
_LAMBDA = f"{_DOCS}/lambda/latest/dg/gettingstarted-limits.html"
_BATCH = f"{_DOCS}/batch/latest"
_EVENTS = f"{_DOCS}/eventbridge/latest/userguide/eb-quota.html"
_FARGATE = f"{_DOCS}/general/latest/gr/ecs-service.html"
READ = "2026-11-24"
"""When the sources were looked up."""


@dataclass(frozen=True, slots=True)
class Quota:
    """A limit of an account in us-east-1, as it is without asking for more."""

    name: str
    limit: float
    may_be_raised: bool
    source: str
    use: Callable[[Load], float]

    def taken(self, load: Load) -> float:
        """Return how much of it is taken: 1 is all."""
        return self.use(load) / self.limit


def quotas(roles: int, rules: int, route_writes_a_second: float) -> tuple[Quota, ...]:
    """Return all quotas that a growing platform moves towards, and two that it does not because it has the same `roles`
    and `rules` at any size. `route_writes_a_second` is what was simulated: AWS documents no rate."""
    return (
        Quota("key value store, bytes", 5 * 1024**2, False, _CLOUDFRONT, lambda load: load.route_bytes),
        Quota(
            "key value store, deployments a second",
            route_writes_a_second,
            False,
            "the ETag of the whole store: simulated, see route_writers",
            lambda load: load.deployments_a_second,
        ),
        Quota("Lambda, bytes of code", 75e9, True, _LAMBDA, lambda load: load.package_bytes),
        Quota("Lambda, control plane calls a second", 15, False, _LAMBDA, lambda load: load.lambda_calls_a_second),
        Quota("Lambda, functions at once", 1000, True, _LAMBDA, lambda load: load.functions_at_once),
        Quota("Fargate Spot, vCPUs at once", 6, True, _FARGATE, lambda load: load.build_vcpus),
        Quota(
            "Batch, SubmitJob a second",
            50,
            False,
            f"{_BATCH}/userguide/service_limits.html",
            lambda load: load.deployments_a_second,
        ),
        Quota(
            "Batch, active shares of a queue",
            500,
            False,
            f"{_BATCH}/APIReference/API_ShareAttributes.html",
            lambda load: load.active_shares,
        ),
        Quota("EventBridge, events a second", 10_000, True, _EVENTS, lambda load: load.events_a_second),
        Quota("EventBridge, rules of a bus", 300, True, _EVENTS, lambda _: rules),
        Quota(
            "DynamoDB, writes a second and table",
            40_000,
            True,
            f"{_DOCS}/amazondynamodb/latest/developerguide/Limits.html",
            lambda load: load.writes_a_second,
        ),
        Quota("CloudFront, requests a second", 250_000, True, _CLOUDFRONT, lambda load: load.requests_a_second),
        Quota(
            "IAM, roles",
            1000,
            True,
            f"{_DOCS}/IAM/latest/UserGuide/reference_iam-quotas.html",
            lambda _: roles,
        ),
    )
