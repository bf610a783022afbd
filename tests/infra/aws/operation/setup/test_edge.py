"""Whether CloudFront can run the edge functions."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from battleshiper.infra.aws.operation.error import OperationError
from battleshiper.infra.aws.operation.setup.edge import EdgeFunctions

OUTPUTS = {"SitesDomain": "sites.test", "ViewerRequest": "asks", "ViewerResponse": "answers"}


class FakeCloudFront:
    """Runs functions but those in `failures`, which says why not."""

    def __init__(self, **failures: str) -> None:
        self.failures = failures
        self.tried: list[tuple[str, str, dict[str, Any]]] = []

    def describe_function(self, *, Name: str, Stage: str) -> dict[str, Any]:  # noqa: N803 - boto's names
        return {"ETag": f"{Name}-{Stage}"}

    def test_function(self, *, Name: str, IfMatch: str, Stage: str, EventObject: bytes) -> dict[str, Any]:  # noqa: N803 - the same
        assert IfMatch == f"{Name}-{Stage}"
        self.tried.append((Name, Stage, json.loads(EventObject)))
        return {"TestResult": {"ComputeUtilization": "17", "FunctionErrorMessage": self.failures.get(Name, "")}}


def test_both_are_tried_as_they_are_live() -> None:
    """With a request for a site, and an answer to it; how much they take is told."""
    cloudfront, said = FakeCloudFront(), []
    assert EdgeFunctions(cloudfront, said.append).check(OUTPUTS)
    assert [(name, stage, event["context"]["eventType"]) for name, stage, event in cloudfront.tried] == [
        ("asks", "LIVE", "viewer-request"),
        ("answers", "LIVE", "viewer-response"),
    ]
    assert cloudfront.tried[0][2]["request"]["headers"]["host"]["value"].endswith(".sites.test")
    assert [line for line in said if "takes 17 of 100" in line] == said


@pytest.mark.parametrize("name", ["asks", "answers"])
def test_what_cannot_be_parsed_is_told(name: str) -> None:
    """In CloudFront's words, with what it means for visitors."""
    cloudfront = FakeCloudFront(**{name: "SyntaxError: await in arguments not supported in 57"})
    with pytest.raises(OperationError, match=rf"{name}: SyntaxError.*57") as raised:
        EdgeFunctions(cloudfront, print).check(OUTPUTS)
    assert "503" in raised.value.remedy


def test_who_may_not_try_is_told_how() -> None:
    """A missing right of the operator stops nothing; it is left to them."""
    cloudfront, said = FakeCloudFront(), []

    def refuse(**_: object) -> None:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "TestFunction")

    cloudfront.test_function = refuse  # type: ignore[method-assign]
    assert not EdgeFunctions(cloudfront, said.append).check(OUTPUTS)
    assert [line for line in said if "AccessDenied" in line and "console" in line] == said
