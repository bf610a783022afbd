"""Where the log of a deployment's function is, among the log streams of all functions."""

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from battleshiper.platform.aws.refusal import code_of
from battleshiper.platform.functions.aws.reference import function_name
from battleshiper.platform.store.port import Deployments, MissingError

if TYPE_CHECKING:
    from types_boto3_lambda.client import LambdaClient


class ServerStreams:
    """Finds log streams by deployment. Deployments of the same code have the same version, and so the same streams."""

    def __init__(self, client: "LambdaClient", deployments: Deployments) -> None:
        self._client = client
        self._deployments = deployments

    def __call__(self, deployment_id: str) -> str | None:
        """Return what follows the day in the names of its streams; None where it has no function (any more)."""
        try:
            name = function_name(self._deployments.deployment(deployment_id).project_id)
        except MissingError:
            return None
        try:
            version = self._client.get_alias(FunctionName=name, Name=deployment_id)["FunctionVersion"]
        except ClientError as error:
            if code_of(error) == "ResourceNotFoundException":
                return None
            raise
        return f"{name}[{version}]"
