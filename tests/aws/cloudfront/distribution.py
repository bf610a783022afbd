"""A distribution of CloudFront: serves requests by the configuration that CloudFormation has deployed.

It keeps nothing, and knows what ours use: behaviours by path, functions at the viewer's side, origins with custom
headers, groups of them, and origin access control. The rules:
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from aws.cloudfront.edge_function import EdgeFunction, viewer_event
from aws.cloudfront.origins import Answer, Asked, Origins
from aws.emulator import Emulator
from botocore.exceptions import ClientError

ALL_VIEWER_EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
_READ = ("GET", "HEAD")
_FIRST_ERROR = 400


@dataclass(frozen=True)
class _Behavior:
    described: Mapping[str, Any]
    functions: Mapping[str, EdgeFunction]

    def allows(self, method: str) -> bool:
        return method in self.described.get("AllowedMethods", {}).get("Items", _READ)

    @property
    def forwards_headers(self) -> bool:
        policy = self.described.get("OriginRequestPolicyId")
        assert policy in (None, ALL_VIEWER_EXCEPT_HOST), f"The stand-in does not know the policy {policy}."
        return policy is not None


class Distribution:
    """One distribution, by its id."""

    def __init__(self, emulator: Emulator, distribution_id: str) -> None:
        self._cloudfront = emulator.client("cloudfront")
        self._routes = emulator.client("cloudfront-keyvaluestore")
        found = self._cloudfront.get_distribution(Id=distribution_id)["Distribution"]
        self.config: Mapping[str, Any] = found["DistributionConfig"]
        self._origins = Origins(emulator, found["ARN"], self.config["Origins"]["Items"])
        self._groups = {each["Id"]: each for each in self.config.get("OriginGroups", {}).get("Items", [])}
        described = [*self.config.get("CacheBehaviors", {}).get("Items", []), self.config["DefaultCacheBehavior"]]
        self._behaviors = [_Behavior(each, self._functions(each)) for each in described]

    def close(self) -> None:
        """Close all connections."""
        self._origins.close()

    def request(
        self, host: str, target: str, method: str = "GET", headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Answer:
        """Answer a viewer, who asks by TLS; `target` is a path, with a query or without."""
        path, _, query = target.partition("?")
        behavior = next(each for each in self._behaviors if fnmatchcase(path, each.described.get("PathPattern", "*")))
        if not behavior.allows(method):
            return Answer(403, (), b"")
        said = {"uri": path, "headers": {"host": {"value": host}, **_described(headers or {})}}
        chosen = None
        if function := behavior.functions.get("viewer-request"):
            given = {name: each["value"] for name, each in said["headers"].items()}
            said, chosen = function.run(viewer_event(method, path, query, given))
            if "statusCode" in said:
                return _own_answer(said)
            query = query if chosen else ""  # the function empties it for objects
        sent = {name: each["value"] for name, each in said["headers"].items() if name != "host"}
        forwarded = sent if behavior.forwards_headers else {}
        asked = Asked(method, said["uri"], query if behavior.forwards_headers else "", forwarded, body)
        answer = self._ask(behavior.described["TargetOriginId"], chosen, asked)
        return self._finish(behavior, method, sent, answer)

    def _ask(self, target: str, chosen: Mapping[str, Any] | None, asked: Asked) -> Answer:
        if chosen and "id" not in chosen:
            return self._origins.ask_changed(chosen, asked)
        target = chosen["id"] if chosen else target
        if target not in self._groups:
            return self._origins.ask(target, asked)
        first, second = (each["OriginId"] for each in self._groups[target]["Members"]["Items"])
        answer = self._origins.ask(first, asked)
        if answer.status in self._groups[target]["FailoverCriteria"]["StatusCodes"]["Items"]:
            return self._origins.ask(second, asked)
        return answer

    def _finish(self, behavior: _Behavior, method: str, sent: Mapping[str, str], answer: Answer) -> Answer:
        function = behavior.functions.get("viewer-response")
        if function is None or answer.status >= _FIRST_ERROR:
            return answer
        cookies = [(name, value) for name, value in answer.headers if name == "set-cookie"]
        response = {
            "statusCode": answer.status,
            "headers": _described({name: value for name, value in answer.headers if name != "set-cookie"}),
        }
        said, _ = function.run(viewer_event(method, "/", "", sent, response))
        headers = [(name, each["value"]) for name, each in said["headers"].items()]
        return Answer(said["statusCode"], (*headers, *cookies), answer.body)

    def _functions(self, behavior: Mapping[str, Any]) -> dict[str, EdgeFunction]:
        associations = behavior.get("FunctionAssociations", {}).get("Items", [])
        return {each["EventType"]: self._function(each["FunctionARN"].rpartition("/")[2]) for each in associations}

    def _function(self, name: str) -> EdgeFunction:
        source = self._cloudfront.get_function(Name=name, Stage="LIVE")["FunctionCode"].read().decode()
        described = self._cloudfront.describe_function(Name=name, Stage="LIVE")["FunctionSummary"]["FunctionConfig"]
        stores = described.get("KeyValueStoreAssociations", {}).get("Items", [])
        store = stores[0]["KeyValueStoreARN"] if stores else ""

        def read(key: str) -> str | None:
            try:
                return str(self._routes.get_key(KvsARN=store, Key=key)["Value"])
            except ClientError as error:
                if error.response["Error"]["Code"] == "ResourceNotFoundException":
                    return None
                raise

        return EdgeFunction(source, read)


def _described(headers: Mapping[str, str]) -> dict[str, dict[str, str]]:
    return {name.lower(): {"value": value} for name, value in headers.items()}


def _own_answer(said: Mapping[str, Any]) -> Answer:
    headers = tuple((name, each["value"]) for name, each in said["headers"].items())
    return Answer(said["statusCode"], headers, said.get("body", "").encode())
