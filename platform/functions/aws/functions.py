"""Functions on AWS: one Lambda function for each project, in it one version and one alias for each deployment."""

import json
from contextlib import suppress
from typing import TYPE_CHECKING

from battleshiper.platform.functions.aws.doors import Doors
from battleshiper.platform.functions.aws.faults import failure_of, told
from battleshiper.platform.functions.aws.package import Bootstrap
from battleshiper.platform.functions.aws.patience import Patience
from battleshiper.platform.functions.aws.reference import Reference, function_name
from battleshiper.platform.functions.aws.settings import LambdaSettings
from battleshiper.platform.functions.aws.versions import Versions
from battleshiper.platform.model.function import FunctionFailedError

if TYPE_CHECKING:
    from types_boto3_lambda.client import LambdaClient
    from types_boto3_lambda.type_defs import InvocationResponseTypeDef

_QUESTION = json.dumps(
    {
        "version": "2.0",
        "rawPath": "/",
        "headers": {"accept": "text/html", "user-agent": "Battleshiper", "x-forwarded-host": "localhost"},
        "requestContext": {"http": {"method": "HEAD", "path": "/"}},
        "buffered": True,
    }
).encode()
"""For the start page, as the router asks (`edge/bootstrap/handler.mjs`); without its body, which may be too large."""


class LambdaFunctions:
    """Functions of sites on Lambda. A reference is a `Reference` in text.

    Every change looks at what is there first, so that what broke off at any point is done by doing it again.
    """

    def __init__(
        self,
        client: "LambdaClient",
        settings: LambdaSettings,
        bootstrap: Bootstrap,
        patience: Patience | None = None,
    ) -> None:
        self._client = client
        self._patience = patience or Patience()
        self._versions = Versions(client, settings, bootstrap, self._patience)
        self._doors = Doors(client, settings.distribution)

    def publish(self, project_id: str, deployment_id: str, package: bytes) -> str:
        """Publish the package and return its reference; raises FunctionFailedError, or ShortageError when the account
        has no room for it."""
        name = function_name(project_id)

        def bring() -> str:
            if self._doors.version(name, deployment_id) is None:
                version = self._versions.publish(name, package)
                self._client.create_alias(FunctionName=name, Name=deployment_id, FunctionVersion=version)
            return self._doors.open(name, deployment_id)

        with told():
            return str(Reference(project_id, deployment_id, self._patience.repeat(bring)))

    def address(self, reference: str) -> str:
        """Return the domain of the version's URL; raises FunctionFailedError."""
        return _parse(reference).domain

    def probe(self, reference: str) -> None:
        """Ask for the start page; raises FunctionFailedError."""
        asked = _parse(reference)
        name = function_name(asked.project_id)

        def ask() -> "InvocationResponseTypeDef":
            try:
                return self._client.invoke(
                    FunctionName=name, Qualifier=asked.deployment_id, LogType="Tail", Payload=_QUESTION
                )
            except self._client.exceptions.ResourceNotFoundException as error:
                raise FunctionFailedError("There is no such function any more. Redeploy the site.") from error

        with told():
            answer = self._patience.repeat(ask)
        if "FunctionError" in answer:
            raise failure_of(answer)

    def remove(self, reference: str) -> None:
        """Remove a deployment's function, and the code that no other deployment has."""
        asked = _parse(reference)
        name = function_name(asked.project_id)

        def remove() -> None:
            self._doors.close(name, asked.deployment_id)
            with suppress(self._client.exceptions.ResourceNotFoundException):
                self._versions.remove_unused(name)

        with told():
            self._patience.repeat(remove)

    def remove_project(self, project_id: str) -> None:
        """Remove a project's function with all its versions."""

        def remove() -> None:
            with suppress(self._client.exceptions.ResourceNotFoundException):
                self._client.delete_function(FunctionName=function_name(project_id))

        with told():
            self._patience.repeat(remove)


def _parse(reference: str) -> Reference:
    try:
        return Reference.parse(reference)
    except ValueError as error:
        raise FunctionFailedError(f"{reference!r} is no function's reference.") from error
