"""What the router uses of boto3's clients, which are given to it."""

from collections.abc import Mapping
from typing import Any, Protocol


class Exceptions(Protocol):
    """A client's errors."""

    @property
    def ClientError(self) -> type[Exception]:  # noqa: N802 - boto3's name
        """What AWS refused; `response["Error"]["Code"]` says why."""
        ...


class LambdaClient(Protocol):
    """`boto3.client("lambda")`, with retries off: a request that changes something is not to be sent twice."""

    @property
    def exceptions(self) -> Exceptions: ...

    def invoke_with_response_stream(self, **parameters: Any) -> Mapping[str, Any]: ...


class S3Client(Protocol):
    """`boto3.client("s3")`."""

    @property
    def exceptions(self) -> Exceptions: ...

    def get_object(self, **parameters: Any) -> Mapping[str, Any]: ...


def error_code(error: Exception) -> str:
    """Return the code of a ClientError."""
    response: Mapping[str, Any] = getattr(error, "response", {})
    return str(response.get("Error", {}).get("Code", ""))
