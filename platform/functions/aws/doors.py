"""The ways to a version: an alias with a deployment's name, and a URL of its own that CloudFront alone may ask."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from battleshiper.platform.aws.refusal import code_of

if TYPE_CHECKING:
    from types_boto3_lambda.client import LambdaClient

_CLOUDFRONT = "cloudfront.amazonaws.com"
_PERMISSIONS: dict[str, dict[str, Any]] = {
    "url": {"Action": "lambda:InvokeFunctionUrl", "FunctionUrlAuthType": "AWS_IAM"},
    "function": {"Action": "lambda:InvokeFunction", "InvokedViaFunctionUrl": True},
}
"""Who asks a URL made after October 2025 needs both (https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html)."""


class Doors:
    """Opens and closes the ways to versions, for one distribution (its ARN). Each step may be repeated."""

    def __init__(self, client: "LambdaClient", distribution: str) -> None:
        self._client = client
        self._distribution = distribution

    def version(self, name: str, alias: str) -> str | None:
        """Return the version that has the alias, or None."""
        with _suppressed_missing():
            return self._client.get_alias(FunctionName=name, Name=alias)["FunctionVersion"]
        return None

    def open(self, name: str, alias: str) -> str:
        """Let CloudFront ask an alias's version, and return the domain of its URL."""
        url = self._url(name, alias)
        if url is None:
            made = self._client.create_function_url_config(
                FunctionName=name, Qualifier=alias, AuthType="AWS_IAM", InvokeMode="RESPONSE_STREAM"
            )
            url = made["FunctionUrl"]
        given = self._statements(name, alias)
        for kind, permission in _PERMISSIONS.items():
            statement = f"cloudfront-{kind}-{alias}"
            if statement not in given:
                self._client.add_permission(
                    FunctionName=name,
                    Qualifier=alias,
                    StatementId=statement,
                    Principal=_CLOUDFRONT,
                    SourceArn=self._distribution,
                    **permission,
                )
        return urlsplit(url).hostname or ""

    def close(self, name: str, alias: str) -> None:
        """Remove an alias with all that belongs to it; fine when it is gone."""
        with _suppressed_missing():
            self._client.delete_function_url_config(FunctionName=name, Qualifier=alias)
        with _suppressed_missing():
            self._client.delete_alias(FunctionName=name, Name=alias)

    def _url(self, name: str, alias: str) -> str | None:
        with _suppressed_missing():
            return self._client.get_function_url_config(FunctionName=name, Qualifier=alias)["FunctionUrl"]
        return None

    def _statements(self, name: str, alias: str) -> set[str]:
        with _suppressed_missing():
            policy = self._client.get_policy(FunctionName=name, Qualifier=alias)["Policy"]
            return {statement["Sid"] for statement in json.loads(policy)["Statement"]}
        return set()


@contextmanager
def _suppressed_missing() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if code_of(error) != "ResourceNotFoundException":
            raise
