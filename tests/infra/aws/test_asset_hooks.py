"""The pages' assets come before a new version and go after it."""

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from battleshiper.infra.aws.asset_hooks import AssetStore, Hook

EVENT = {"DeploymentId": "d-1", "LifecycleEventHookExecutionId": "hook-1"}


class FakeCodeDeploy:
    """Remembers what hooks said."""

    def __init__(self) -> None:
        self.said: list[dict[str, str]] = []

    def put_lifecycle_event_hook_execution_status(self, **parameters: str) -> dict[str, str]:
        self.said.append(parameters)
        return {}


@pytest.fixture
def s3(monkeypatch) -> Iterator[object]:
    """Return a client of S3 with a bucket `assets`."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="assets")
        yield client


def files(folder: Path, **contents: str) -> dict[str, Path]:
    """Write files, and return them by name with a dot for the last underscore."""
    made = {}
    for name, content in contents.items():
        path = folder / name.replace("_", ".")
        path.write_text(content)
        made[path.name] = path
    return made


def test_upload_brings_every_file_as_browsers_take_it(s3, tmp_path) -> None:
    """An asset has its media type, and may be kept for ever."""
    AssetStore(s3, "assets").upload(files(tmp_path, style_css="body {}", follow_js="1"))
    found = s3.head_object(Bucket="assets", Key="static/style.css")
    assert found["ContentType"].startswith("text/css")
    assert found["CacheControl"] == "public, max-age=31536000, immutable"
    assert s3.get_object(Bucket="assets", Key="static/follow.js")["Body"].read() == b"1"


def test_others_are_removed_and_nothing_else(s3, tmp_path) -> None:
    """Only files of this version stay below the prefix; what lies elsewhere is not looked at."""
    store = AssetStore(s3, "assets")
    store.upload(files(tmp_path, old_css="1", same_js="2"))
    s3.put_object(Bucket="assets", Key="elsewhere", Body=b"")
    store.remove_others(files(tmp_path, new_css="3", same_js="2"))
    assert [each["Key"] for each in s3.list_objects_v2(Bucket="assets")["Contents"]] == ["elsewhere", "static/same.js"]


def test_a_hook_says_that_it_succeeded() -> None:
    """CodeDeploy hears of success once the work is done."""
    codedeploy = FakeCodeDeploy()
    done = []
    Hook(codedeploy, lambda: done.append(1))(EVENT, None)
    assert done == [1]
    expected = {"deploymentId": "d-1", "lifecycleEventHookExecutionId": "hook-1", "status": "Succeeded"}
    assert codedeploy.said == [expected]


def test_a_hook_that_fails_says_so() -> None:
    """A failure is told at once, so that CodeDeploy does not wait an hour for an answer."""
    codedeploy = FakeCodeDeploy()

    def fail() -> None:
        raise OSError("S3 is away")

    Hook(codedeploy, fail)(EVENT, None)
    assert [each["status"] for each in codedeploy.said] == ["Failed"]
