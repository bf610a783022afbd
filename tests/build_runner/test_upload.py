"""Uploading to a platform that may be busy or may refuse."""

import hashlib
from pathlib import Path

import httpx
import pytest

from battleshiper.build_runner.failure import BuildError
from battleshiper.build_runner.output.collection import Upload
from battleshiper.build_runner.upload import Uploader
from battleshiper.platform.model.instructions import UploadGrant
from battleshiper.platform.model.manifest import ManifestFile
from battleshiper.platform.model.result import BuildResult, FailureCode

GRANT = UploadGrant(url="https://store.test/", fields={"policy": "p", "x-amz-signature": "s"}, prefix="builds/1/2/")
_SHA256 = hashlib.sha256(b"content").hexdigest()


def upload_of(tmp_path: Path, name: str) -> Upload:
    (tmp_path / name).write_bytes(b"content")
    return Upload(tmp_path, name, ManifestFile(path=f"client/{name}", bytes=7, sha256=_SHA256, content_type="text/css"))


def uploader(answers: list[httpx.Response | Exception], pauses: list[float], seen: list[httpx.Request]) -> Uploader:
    def answer(request: httpx.Request) -> httpx.Response:
        request.read()
        seen.append(request)
        given = answers.pop(0)
        if isinstance(given, Exception):
            raise given
        return given

    return Uploader(httpx.Client(transport=httpx.MockTransport(answer)), GRANT, pauses.append)


def test_a_file_is_one_form(tmp_path: Path) -> None:
    """The grant's fields first, then key, type and checksum, the file last: S3 ignores fields behind the file."""
    seen: list[httpx.Request] = []
    uploader([httpx.Response(204)], [], seen).upload([upload_of(tmp_path, "a.css")])
    body = seen[0].content.decode()
    names = ("policy", "x-amz-signature", "key", "Content-Type", "x-amz-checksum-sha256", "file")
    order = [body.index(f'name="{name}"') for name in names]
    assert order == sorted(order)
    assert "builds/1/2/client/a.css" in body
    assert "text/css" in body
    assert "content" in body
    assert "7XACtDnprIRfIjV9giusFERzD722AW0+yUMil7nsn3M=" in body


def test_what_may_pass_is_tried_again_with_longer_pauses(tmp_path: Path) -> None:
    """Lost connections, busy and broken servers."""
    pauses: list[float] = []
    answers = [httpx.ConnectError("down"), httpx.Response(503), httpx.Response(429), httpx.Response(204)]
    seen: list[httpx.Request] = []
    uploader(answers, pauses, seen).upload([upload_of(tmp_path, "a.css")])
    assert len(seen) == 4
    assert pauses == sorted(pauses)
    assert all("content" in request.content.decode() for request in seen)


def test_a_refusal_is_not_repeated(tmp_path: Path) -> None:
    """The other side's words are in the failure."""
    seen: list[httpx.Request] = []
    with pytest.raises(BuildError, match="403 too large") as caught:
        uploader([httpx.Response(403, text="too large")], [], seen).upload([upload_of(tmp_path, "a.css")])
    assert caught.value.code is FailureCode.PLATFORM
    assert len(seen) == 1


def test_a_platform_that_stays_away_ends_the_build(tmp_path: Path) -> None:
    """After five attempts."""
    seen: list[httpx.Request] = []
    with pytest.raises(BuildError, match="away"):
        uploader([httpx.ConnectError("away")] * 5, [], seen).upload([upload_of(tmp_path, "a.css")])
    assert len(seen) == 5


def test_the_result_is_a_file_like_others() -> None:
    """Under its fixed name."""
    seen: list[httpx.Request] = []
    uploader([httpx.Response(204)], [], seen).upload_result(BuildResult(deployment_id="d"))
    assert "builds/1/2/result.json" in seen[0].content.decode()
