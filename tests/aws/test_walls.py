"""What keeps everybody out who has no business here: CloudFront's secret, IAM, tickets."""

import json
from collections.abc import Mapping

import httpx
import pytest
from aws.platform import SITES_DOMAIN, PlatformOnAws
from e2e.harness import until

from battleshiper.platform.bus.eventbridge.envelope import detail_of
from battleshiper.platform.model.event import Event, EventType
from battleshiper.webhooks.ingress import PATH

pytestmark = [pytest.mark.emulator, pytest.mark.sandbox]


def ask(platform: PlatformOnAws, domain: str, path: str = "/", headers: Mapping[str, str] | None = None) -> int:
    """Ask one of AWS's own names, and return the status."""
    sent = {**(headers or {}), "host": domain, "x-forwarded-proto": "https"}
    return httpx.post(f"{platform.emulator.url}{path}", headers=sent, trust_env=False, timeout=60).status_code


def origins(platform: PlatformOnAws) -> dict[str, str]:
    """Return the names of the servers behind both distributions."""
    assert platform.front.distribution
    described = [
        *platform.front.distribution.config["Origins"]["Items"],
        *platform.sites.config["Origins"]["Items"],
    ]
    return {each["Id"]: each["DomainName"] for each in described if "CustomOriginConfig" in each}


def test_around_cloudfront(platform: PlatformOnAws) -> None:
    """The API and the router answer 403 to whom CloudFront has not sent, whatever they say."""
    asked = origins(platform)
    assert len(asked) == 2
    for domain in asked.values():
        for path in ("/", PATH, "/api/v1/projects"):
            assert ask(platform, domain, path) == 403
            assert ask(platform, domain, path, {"x-battleshiper-secret": "guessed"}) == 403
            assert ask(platform, domain, path, {"x-forwarded-host": f"plain.{SITES_DOMAIN}"}) == 403


def test_a_function_without_its_right(platform: PlatformOnAws) -> None:
    """IAM holds functions to their roles: without its policy, one can do nothing."""
    iam = platform.emulator.client("iam")
    name = platform.stack.function("sweep")
    role = platform.emulator.client("lambda").get_function_configuration(FunctionName=name)["Role"].rpartition("/")[2]
    (policy,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
    document = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
    iam.delete_role_policy(RoleName=role, PolicyName=policy)
    try:
        with pytest.raises(AssertionError, match="the sweep of lost deployments"):
            platform.call("sweep")
    finally:
        iam.put_role_policy(RoleName=role, PolicyName=policy, PolicyDocument=json.dumps(document))
    platform.call("sweep")


def test_events_without_a_ticket(platform: PlatformOnAws) -> None:
    """Whoever can put events on the bus and has no ticket changes nothing, and is told of."""
    checkout = platform.checkout("ticketless")
    checkout.commit()
    sha = checkout.push()
    before = platform.follow(sha)
    submitted = len(platform.batch.jobs())
    bus = next(iter(platform.stack.of_type("AWS::Events::EventBus").values()))
    files = platform.emulator.client("s3").list_objects_v2(Bucket=platform.bucket("Sites"), Prefix="sites/")
    project = next(each["Key"].split("/")[1] for each in files["Contents"] if before["id"] in each["Key"])
    for kind in (EventType.INIT, EventType.BUILD, EventType.DEPLOY, EventType.DELETE):
        for ticket in ({}, {"ticket": "forged"}):
            event = Event(kind, {"project": project, "deployment": before["id"], **ticket}, project)
            entry = {
                "EventBusName": bus,
                "Source": "battleshiper",
                "DetailType": kind.value,
                "Detail": detail_of(event),
            }
            platform.emulator.client("events").put_events(Entries=[entry])
    until(lambda: len(platform.http.get("/api/v1/dead-letters").json()) == 8, 60)
    assert platform.deployments(sha) == [before]
    assert platform.visit("ticketless").status == 200
    assert len(platform.batch.jobs()) == submitted
