"""A grant for S3, shown by a build runner that honours it and by builds that try to get more out of it."""

import hashlib
import io
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from aws.post_object import PostObject
from aws.simple_storage import BUILDS_BUCKET, SITES_BUCKET, s3_client

from battleshiper.build_runner.output.collection import Upload
from battleshiper.build_runner.upload import Uploader
from battleshiper.platform.model.manifest import ManifestFile
from battleshiper.platform.model.result import BuildResult
from battleshiper.platform.objects.port import Copy
from battleshiper.platform.objects.s3 import S3Objects
from battleshiper.platform.uploads.s3 import S3Uploads

PREFIX = "builds/p1/d1/"
FILE_BYTES = 1000


class Bench:
    """A grant of an hour, S3, and a clock."""

    def __init__(self, client) -> None:
        self.now = datetime.now(UTC)
        self.objects = S3Objects(client, builds_bucket=BUILDS_BUCKET, sites_bucket=SITES_BUCKET)
        self.grant = S3Uploads(client, BUILDS_BUCKET, lambda: self.now).grant(
            PREFIX, files=10, file_bytes=FILE_BYTES, total_bytes=10_000, expires_at=self.now + timedelta(hours=1)
        )
        self._storage = PostObject(BUILDS_BUCKET, "secret", self._store, lambda: self.now)
        self.client = httpx.Client(transport=httpx.MockTransport(self._storage))

    def post(self, key: str = f"{PREFIX}a", body: bytes = b"hello", **changes: str | None) -> httpx.Response:
        """Post a file as a build might; None leaves a field out."""
        digest = b64encode(hashlib.sha256(body).digest()).decode()
        fields = {**self.grant.fields, "key": key, "Content-Type": "text/css", "x-amz-checksum-sha256": digest}
        sent = {name: value for name, value in {**fields, **changes}.items() if value is not None}
        return self.client.post(self.grant.url, data=sent, files={"file": ("name", body)})

    def listed(self, prefix: str = "builds/") -> list[str]:
        return [info.key for info in self.objects.list(prefix)]

    def _store(self, key: str, body: bytes, content_type: str) -> None:
        self.objects.put(key, io.BytesIO(body), content_type)


@pytest.fixture
def bench() -> Iterator[Bench]:
    """A grant in an empty S3."""
    with s3_client() as client:
        yield Bench(client)


def upload_of(folder: Path, name: str) -> Upload:
    """Make a file to upload."""
    (folder / name).write_bytes(name.encode())
    digest = hashlib.sha256(name.encode()).hexdigest()
    file = ManifestFile(path=f"client/{name}", bytes=len(name.encode()), sha256=digest, content_type="text/html")
    return Upload(folder, name, file)


def test_what_the_build_runner_uploads_can_be_published(bench, tmp_path):
    """Under any name, even one that S3 would take for a variable."""
    uploads = [upload_of(tmp_path, name) for name in ("index.html", "ä b+%20.txt", "${filename}")]
    uploader = Uploader(bench.client, bench.grant)
    uploader.upload(uploads)
    uploader.upload_result(BuildResult(deployment_id="d1"))
    files = [upload.file for upload in uploads]
    bench.objects.copy(
        Copy(PREFIX + file.path, f"sites/p1/d1/{file.path}", file.bytes, file.sha256, file.content_type)
        for file in files
    )
    assert sorted(bench.listed("sites/")) == sorted(f"sites/p1/d1/{file.path}" for file in files)
    assert f"{PREFIX}result.json" in bench.listed()


@pytest.mark.parametrize(
    "key", ["builds/p1/d2/a", "builds/p1/d1", "builds/p1/d10/a", "sites/p1/d1/a", "a", "/builds/p1/d1/a", "${filename}"]
)
def test_nothing_can_be_written_outside_the_prefix(bench, key):
    """Not even next to it."""
    assert bench.post(key).status_code == 403
    assert bench.listed() == []


def test_a_file_may_have_its_size_and_no_more(bench):
    """To the byte."""
    assert bench.post(body=b"x" * FILE_BYTES).status_code == 204
    assert bench.post(f"{PREFIX}b", body=b"x" * (FILE_BYTES + 1)).status_code == 400
    assert bench.post(f"{PREFIX}empty", body=b"").status_code == 204
    assert bench.listed() == [f"{PREFIX}a", f"{PREFIX}empty"]


def test_nothing_can_be_written_after_the_end(bench):
    """To the second."""
    bench.now += timedelta(minutes=59, seconds=58)
    assert bench.post().status_code == 204
    bench.now += timedelta(seconds=2)
    assert bench.post(f"{PREFIX}b").status_code == 403
    assert bench.listed() == [f"{PREFIX}a"]


@pytest.mark.parametrize(
    "changes",
    [
        {"acl": "public-read"},
        {"x-amz-meta-note": "x"},
        {"x-amz-storage-class": "GLACIER"},
        {"success_action_redirect": "https://evil.test"},
        {"success_action_status": "200"},
        {"x-amz-checksum-algorithm": None},
        {"x-amz-checksum-algorithm": "CRC32"},
        {"x-amz-checksum-sha256": None},
        {"x-amz-signature": "0" * 64},
    ],
)
def test_nothing_else_can_be_asked_for(bench, changes):
    """Neither rights nor places nor a file without its checksum."""
    assert bench.post(**changes).status_code == 403
    assert bench.listed() == []


def test_a_file_that_is_not_what_its_checksum_says_is_refused(bench):
    """What was damaged on the way does not arrive."""
    assert bench.post(**{"x-amz-checksum-sha256": b64encode(bytes(32)).decode()}).status_code == 400


def test_the_policy_cannot_be_widened(bench):
    """It is signed."""
    assert bench.post(policy=b64encode(b'{"expiration": "2099-01-01T00:00:00Z", "conditions": []}').decode()).is_error
    assert bench.listed() == []
