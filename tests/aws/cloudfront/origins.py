"""What a distribution asks: buckets and functions' URLs, which must let it in, and servers on the web."""

import json
from base64 import b64decode
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import quote

import httpx
from aws.emulator import REGION, Emulator
from aws.template import listed
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

_CLOUDFRONT = "cloudfront.amazonaws.com"
_KEYS = Credentials("test", "test")
_SENT_AGAIN = frozenset({"connection", "content-length", "transfer-encoding", "keep-alive"})


@dataclass(frozen=True)
class Asked:
    """A request to an origin."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """An answer. Headers' names are in lowercase, and may come more than once."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        """Return a header's value; empty where there is none."""
        return next((value for each, value in self.headers if each == name), "")

    @property
    def text(self) -> str:
        """The body."""
        return self.body.decode()


class Origins:
    """The origins of the distribution with this ARN."""

    def __init__(self, emulator: Emulator, arn: str, described: Sequence[Mapping[str, Any]]) -> None:
        self._arn = arn
        self._emulator = emulator
        self._described = {each["Id"]: each for each in described}
        self._s3 = emulator.client("s3")
        self._lambda = emulator.client("lambda")
        self._http = httpx.Client(base_url=emulator.url, trust_env=False, timeout=60)

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def ask(self, origin: str, asked: Asked) -> Answer:
        """Ask an origin that the distribution has."""
        described = self._described[origin]
        if "S3OriginConfig" in described:
            assert described["OriginAccessControlId"], "Nobody but CloudFront may read this bucket."
            return self._object(described["DomainName"].partition(".s3.")[0], asked)
        added = {each["HeaderName"]: each["HeaderValue"] for each in described["CustomHeaders"].get("Items", [])}
        return self._server(described["DomainName"], asked, added)

    def ask_changed(self, chosen: Mapping[str, Any], asked: Asked) -> Answer:
        """Ask what a function has chosen: a function's URL, for which CloudFront signs."""
        control, domain = chosen["originAccessControlConfig"], chosen["domainName"]
        assert (control["signingBehavior"], control["originType"]) == ("always", "lambda")
        assert self._lets_in(domain), f"{domain} does not let this distribution in."
        assert not asked.body, "CloudFront cannot sign a body that the viewer has not hashed."
        request = AWSRequest(asked.method, f"http://{domain}{_target(asked)}")
        SigV4Auth(_KEYS, "lambda", REGION).add_auth(request)
        return _unwrapped(self._server(domain, asked, dict(request.headers)))

    def _object(self, bucket: str, asked: Asked) -> Answer:
        key = asked.path[1:]
        policy = json.loads(self._s3.get_bucket_policy(Bucket=bucket)["Policy"])
        allowed = [each for each in policy["Statement"] if each["Effect"] == "Allow" and self._is_for_us(each)]
        if not any(_covers(each, "s3:GetObject", f"arn:aws:s3:::{bucket}/{key}") for each in allowed):
            return Answer(403, (), b"")
        try:
            found = self._s3.get_object(Bucket=bucket, Key=key)
        except ClientError:
            may_list = any(_covers(each, "s3:ListBucket", f"arn:aws:s3:::{bucket}") for each in allowed)
            return Answer(404 if may_list else 403, (), b"")
        headers = [("content-type", found["ContentType"]), ("cache-control", found.get("CacheControl", ""))]
        return Answer(200, headers, b"" if asked.method == "HEAD" else found["Body"].read())

    def _server(self, domain: str, asked: Asked, added: Mapping[str, str]) -> Answer:
        headers = {**asked.headers, **{name.lower(): value for name, value in added.items()}, "host": domain}
        found = self._http.request(
            asked.method, _target(asked), headers={**headers, "x-forwarded-proto": "https"}, content=asked.body
        )
        kept = [(name.lower(), value) for name, value in found.headers.multi_items() if name not in _SENT_AGAIN]
        return Answer(found.status_code, kept, found.content)

    def _lets_in(self, domain: str) -> bool:
        """Tell whether a function's URL may be asked by this distribution: its alias says so."""
        for function in self._lambda.get_paginator("list_functions").paginate().build_full_result()["Functions"]:
            name = function["FunctionName"]
            for alias in self._lambda.list_aliases(FunctionName=name)["Aliases"]:
                version = {"FunctionName": name, "Qualifier": alias["Name"]}
                with suppress(ClientError):  # an alias without a URL
                    url = self._lambda.get_function_url_config(**version)
                    if f"//{domain}/" in url["FunctionUrl"]:
                        assert url["AuthType"] == "AWS_IAM"
                        policy = json.loads(self._lambda.get_policy(**version)["Policy"])
                        actions = {each["Action"] for each in policy["Statement"] if self._is_for_us(each)}
                        return actions >= {"lambda:InvokeFunctionUrl", "lambda:InvokeFunction"}
        return False

    def _is_for_us(self, statement: Mapping[str, Any]) -> bool:
        principal = statement["Principal"]
        conditions = {**statement.get("Condition", {})}
        sources = [
            value
            for operator in ("StringEquals", "ArnLike", "ArnEquals")
            for name, value in conditions.get(operator, {}).items()
            if name.lower() == "aws:sourcearn"
        ]
        return isinstance(principal, Mapping) and principal.get("Service") == _CLOUDFRONT and sources == [self._arn]


def _unwrapped(answer: Answer) -> Answer:
    """Return what a function has answered through its URL. The emulator streams nothing: what it runs answers in one
    piece, in JSON, and it passes that on as the URL of a function that streams passes on everything."""
    if answer.status != 200:
        return answer
    said = json.loads(answer.body)
    headers = [(name.lower(), value) for name, value in said["headers"].items()]
    cookies = [("set-cookie", each) for each in said.get("cookies", ())]
    body = said.get("body") or ""
    return Answer(
        said["statusCode"], [*headers, *cookies], b64decode(body) if said.get("isBase64Encoded") else body.encode()
    )


def _covers(statement: Mapping[str, Any], action: str, resource: str) -> bool:
    return any(fnmatchcase(action, each) for each in listed(statement["Action"])) and any(
        fnmatchcase(resource, each) for each in listed(statement["Resource"])
    )


def _target(asked: Asked) -> str:
    return quote(asked.path, safe="/%~!$&'()*+,;=:@") + (f"?{asked.query}" if asked.query else "")
