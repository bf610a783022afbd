"""Whether CloudFront can run the edge functions. It takes any text for one, and answers every visitor with 503 when it
cannot parse it, with no word in any log."""

import json
from collections.abc import Mapping
from typing import Any

from battleshiper.infra.aws.operation.account import asking
from battleshiper.infra.aws.operation.error import OperationError
from battleshiper.infra.aws.operation.waiting import Tell

_STAGE = "LIVE"


class EdgeFunctions:
    """Has CloudFront try its functions with one request each
    (https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_TestFunction.html)."""

    def __init__(self, cloudfront: Any, tell: Tell) -> None:
        self._cloudfront = cloudfront
        self._tell = tell

    def check(self, outputs: Mapping[str, str]) -> bool:
        """Return whether both ran; False, and told, where CloudFront could not be asked. Raises OperationError with
        what it says of a function that did not run."""
        request = {
            "method": "GET",
            "uri": "/",
            "querystring": {},
            "cookies": {},
            "headers": {"host": {"value": f"deploy-check.{outputs['SitesDomain']}"}},
        }
        response = {"statusCode": 200, "statusDescription": "OK", "headers": {}, "cookies": {}}
        asked = {"request": request}
        tried = (
            self._try(outputs["ViewerRequest"], "viewer-request", asked),
            self._try(outputs["ViewerResponse"], "viewer-response", {**asked, "response": response}),
        )
        return all(tried)

    def _try(self, name: str, kind: str, asked: Mapping[str, Any]) -> bool:
        event = {"version": "1.0", "context": {"eventType": kind}, "viewer": {"ip": "198.51.100.11"}, **asked}
        try:
            result = self._run(name, json.dumps(event))
        except OperationError as error:
            self._tell(f"{error.message} Try it in CloudFront's console: Functions, {name}, Test.")
            return False
        if failure := result.get("FunctionErrorMessage"):
            raise OperationError(
                f"CloudFront cannot run the edge function {name}: {failure}",
                "Every site answers 503 until it can. It is this version's fault: deploy the one before.",
            )
        self._tell(f"The {kind} function takes {result.get('ComputeUtilization', '?')} of 100 that it may take.")
        return True

    def _run(self, name: str, event: str) -> Mapping[str, Any]:
        with asking(f"try the edge function {name}"):
            described = self._cloudfront.describe_function(Name=name, Stage=_STAGE)
            tested = self._cloudfront.test_function(
                Name=name, IfMatch=described["ETag"], Stage=_STAGE, EventObject=event.encode()
            )
        result: Mapping[str, Any] = tested["TestResult"]
        return result
