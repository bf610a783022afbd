"""Uploading: one presigned-POST-shaped request per file, several at a time."""

import os
import random
import time
from base64 import b64encode
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import ExitStack
from hashlib import sha256
from io import BytesIO
from typing import BinaryIO

import httpx

from battleshiper.build_runner.failure import BuildError
from battleshiper.build_runner.output.collection import Upload
from battleshiper.build_runner.tree import open_below
from battleshiper.platform.model.instructions import UploadGrant
from battleshiper.platform.model.result import RESULT_KEY, BuildResult, FailureCode

_AT_ONCE = 8
_ATTEMPTS = 5
_FIRST_PAUSE = 0.5
_RETRIED = frozenset({408, 425, 429})
_ANY_NAME = "${filename}"
"""S3 puts the file's name where a key says so. With this name, a key that does is meant literally."""


class Uploader:
    """Uploads below the grant's prefix; raises BuildError (PLATFORM) when the other side does not take it.

    `pause` waits for some seconds between attempts.
    """

    def __init__(self, client: httpx.Client, grant: UploadGrant, pause: Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._grant = grant
        self._pause = pause

    def upload(self, uploads: Sequence[Upload]) -> None:
        """Upload files, in parallel; the first one that fails ends the rest."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            futures = [pool.submit(self._upload, upload) for upload in uploads]
            done, _ = wait(futures, return_when=FIRST_EXCEPTION)
            for future in futures:
                future.cancel()
            for future in done:
                future.result()

    def upload_result(self, result: BuildResult) -> None:
        """Upload the result, which tells the platform that all is there."""
        body = result.model_dump_json().encode()
        self._send(RESULT_KEY, "application/json", sha256(body).hexdigest(), lambda: BytesIO(body))

    def _upload(self, upload: Upload) -> None:
        file = upload.file
        self._send(file.path, file.content_type, file.sha256, lambda: _open(upload))

    def _send(self, path: str, content_type: str, digest: str, content: Callable[[], BinaryIO]) -> None:
        fault = ""
        for attempt in range(_ATTEMPTS):
            if attempt:
                self._pause(_FIRST_PAUSE * 2 ** (attempt - 1) * (1 + random.random()))  # noqa: S311 - spreads load only
            try:
                answer = self._post(path, content_type, digest, content)
            except httpx.TransportError as error:
                fault = str(error) or type(error).__name__
                continue
            if answer.is_success:
                return
            fault = f"{answer.status_code} {answer.text[:300]}".strip()
            if not answer.is_server_error and answer.status_code not in _RETRIED:
                break
        raise BuildError(FailureCode.PLATFORM, f"{path} could not be uploaded: {fault}.", "Redeploy later.")

    def _post(self, path: str, content_type: str, digest: str, content: Callable[[], BinaryIO]) -> httpx.Response:
        fields = {
            **self._grant.fields,
            "key": self._grant.prefix + path,
            "Content-Type": content_type,
            "x-amz-checksum-sha256": b64encode(bytes.fromhex(digest)).decode(),
        }
        with ExitStack() as stack:
            body = stack.enter_context(content())
            file = (_ANY_NAME, body, content_type)
            return self._client.post(self._grant.url, data=fields, files={"file": file})


def _open(upload: Upload) -> BinaryIO:
    return os.fdopen(open_below(upload.top, upload.path, os.O_RDONLY | os.O_NONBLOCK), "rb")
