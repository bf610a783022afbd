"""A project's Lambda function and its published versions."""

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from battleshiper.platform.aws.refusal import code_of
from battleshiper.platform.functions.aws.package import Bootstrap, LambdaPackage, lambda_package
from battleshiper.platform.functions.aws.patience import Patience
from battleshiper.platform.functions.aws.runtime import runtime_for
from battleshiper.platform.functions.aws.settings import LambdaSettings
from battleshiper.platform.model.function import FunctionFailedError

if TYPE_CHECKING:
    from types_boto3_lambda.client import LambdaClient

_SETTLING_SECONDS = 120.0
_FIRST_LOOK = 0.1
_LONGEST_LOOK = 2.0


class UnsettledError(Exception):
    """Lambda has not made a function ready in time; try again later."""


class Versions:
    """Makes versions. What it makes of the same package at different times is the same, so a step may be repeated."""

    def __init__(
        self, client: "LambdaClient", settings: LambdaSettings, bootstrap: Bootstrap, patience: Patience
    ) -> None:
        self._client = client
        self._settings = settings
        self._bootstrap = bootstrap
        self._patience = patience

    def publish(self, name: str, package: bytes) -> str:
        """Return the number of a version of the function that runs `package` and is ready to be asked.

        Lambda makes no second version of what has not changed, so two deployments may have the same one.
        """
        whole = lambda_package(package, self._bootstrap)
        latest = self._bring(name, whole)
        # Only what we have just seen is published: another deployment of the project may be at the same point.
        published = self._client.publish_version(
            FunctionName=name, CodeSha256=whole.sha256, RevisionId=latest["RevisionId"]
        )
        self._settled(name, Qualifier=published["Version"])
        return published["Version"]

    def remove_unused(self, name: str) -> None:
        """Remove the versions that no alias has, and the whole function when there is no alias. The newest version
        stays, because a deployment that is being published may be about to get an alias for it."""
        aliases = [
            alias
            for page in self._client.get_paginator("list_aliases").paginate(FunctionName=name)
            for alias in page["Aliases"]
        ]
        if not aliases:
            self._client.delete_function(FunctionName=name)
            return
        pages = self._client.get_paginator("list_versions_by_function").paginate(FunctionName=name)
        numbers = [int(each["Version"]) for page in pages for each in page["Versions"] if each["Version"].isdecimal()]
        kept = {int(alias["FunctionVersion"]) for alias in aliases} | {max(numbers, default=0)}
        for number in sorted(set(numbers) - kept):
            self._client.delete_function(FunctionName=name, Qualifier=str(number))

    def _bring(self, name: str, package: LambdaPackage) -> dict[str, Any]:
        """Let the function have this package and our settings, and return what Lambda says of it."""
        wanted = self._configuration(package)
        code: Any = {"ZipFile": package.zip}
        architectures: Any = [self._settings.architecture]
        try:
            latest = self._settled(name)
        except ClientError as error:
            if code_of(error) != "ResourceNotFoundException":
                raise
            self._client.create_function(FunctionName=name, Code=code, Architectures=architectures, **wanted)
            return self._settled(name)
        if any(latest.get(field) != value for field, value in wanted.items() if field != "LoggingConfig") or any(
            latest.get("LoggingConfig", {}).get(field) != value for field, value in wanted["LoggingConfig"].items()
        ):
            self._client.update_function_configuration(FunctionName=name, **wanted)
            latest = self._settled(name)
        if latest["CodeSha256"] != package.sha256 or latest.get("Architectures", architectures) != architectures:
            self._client.update_function_code(
                FunctionName=name, Architectures=architectures, RevisionId=latest["RevisionId"], **code
            )
            latest = self._settled(name)
        return latest

    def _configuration(self, package: LambdaPackage) -> dict[str, Any]:
        settings = self._settings
        return {
            "Runtime": runtime_for(package.built_with),
            "Handler": self._bootstrap.handler,
            "Role": settings.role,
            "MemorySize": settings.memory_megabytes,
            "Timeout": settings.timeout_seconds,
            "LoggingConfig": {"LogGroup": settings.log_group} if settings.log_group else {},
        }

    def _settled(self, name: str, **qualifier: str) -> dict[str, Any]:
        """Return what Lambda says of the function once it is not changing; raises UnsettledError."""
        waited, pause = 0.0, _FIRST_LOOK
        while True:
            found: dict[str, Any] = {**self._client.get_function_configuration(FunctionName=name, **qualifier)}
            if "Failed" in (found.get("State"), found.get("LastUpdateStatus")):
                why = found.get("LastUpdateStatusReason") or found.get("StateReason") or "it gives no reason."
                raise FunctionFailedError(f"Lambda does not take the function: {why}")
            if found.get("State") != "Pending" and found.get("LastUpdateStatus") != "InProgress":
                return found
            if waited >= _SETTLING_SECONDS:
                raise UnsettledError(f"{name} has not been ready for {waited:.0f} s")
            self._patience.pause(pause)
            waited, pause = waited + pause, min(_LONGEST_LOOK, pause * 1.5)
