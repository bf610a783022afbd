"""What happens to the pages' assets when CodeDeploy lets a new version of the pages take over.

Before, the new version's are uploaded, so that its first page finds them. After, those of no live version are removed.
Both are CodeDeploy's hooks: they tell it how they ended, and a failure before leaves the old version where it is.
"""

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from battleshiper.platform.model.media_type import media_type
from battleshiper.platform.web.assets import CACHE_CONTROL, PREFIX

if TYPE_CHECKING:
    from types_boto3_s3.client import S3Client

_log = logging.getLogger(__name__)


class CodeDeployClient(Protocol):
    """CodeDeploy, as far as hooks use it."""

    def put_lifecycle_event_hook_execution_status(self, **parameters: str) -> Mapping[str, Any]:
        """Tell how a hook ended."""
        ...


class AssetStore:
    """The assets of all versions that may be asked for, in a bucket of their own."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def upload(self, files: Mapping[str, Path]) -> None:
        """Put a version's files there. What has a name never changes, so it may be there already."""
        for name, path in files.items():
            self._client.put_object(
                Bucket=self._bucket,
                Key=PREFIX + name,
                Body=path.read_bytes(),
                ContentType=media_type(name),
                CacheControl=CACHE_CONTROL,
            )

    def remove_others(self, files: Mapping[str, Path]) -> None:
        """Remove what is not a file of this version, which alone is live."""
        live = {PREFIX + name for name in files}
        for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=PREFIX):
            for found in page.get("Contents", []):
                if found["Key"] not in live:
                    self._client.delete_object(Bucket=self._bucket, Key=found["Key"])


class Hook:
    """Lambda's handler for one of CodeDeploy's hooks
    (https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html)."""

    def __init__(self, client: CodeDeployClient, work: Callable[[], None]) -> None:
        self._client = client
        self._work = work

    def __call__(self, event: Mapping[str, str], context: object) -> None:  # noqa: ARG002 - Lambda gives both
        """Do the work, and say whether it could be done."""
        status = "Succeeded"
        try:
            self._work()
        except Exception:
            _log.exception("The hook failed")
            status = "Failed"
        self._client.put_lifecycle_event_hook_execution_status(
            deploymentId=event["DeploymentId"],
            lifecycleEventHookExecutionId=event["LifecycleEventHookExecutionId"],
            status=status,
        )
