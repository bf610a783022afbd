"""Where a build runner uploads its files to, on one machine."""

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from battleshiper.platform.model.deployment import State
from battleshiper.platform.objects.port import KeyRefusedError, Objects
from battleshiper.platform.pipeline.places import owner_of
from battleshiper.platform.store.port import Deployments, MissingError
from battleshiper.platform.uploads.signed import SignedUploads, UploadPolicy, UploadRefusedError

UPLOADS_PATH = "/runner/uploads"
_FORM_BYTES = 16 * 1024
"""What a form may weigh besides its file."""


class UploadRoute:
    """The endpoint for what builds produce, where there is no S3 that takes it."""

    def __init__(self, store: Deployments, uploads: SignedUploads, objects: Objects) -> None:
        self._store = store
        self._uploads = uploads
        self._objects = objects

    def routes(self) -> list[Route]:
        """Return the routes to mount."""
        return [Route(UPLOADS_PATH, self.upload, methods=["POST"])]

    async def upload(self, request: Request) -> Response:
        """Store one file of a build; shaped like an S3 presigned POST."""
        length = request.headers.get("content-length", "")
        if not length.isdecimal():
            return _refusal(411, "Send a Content-Length.")
        try:
            # Before the body is read: whoever may not upload costs no disk.
            allowed = self._uploads.check(
                request.query_params.get("policy", ""), request.query_params.get("signature", "")
            )
            if int(length) > allowed.file_bytes + _FORM_BYTES:
                return _refusal(413, f"A file may have {allowed.file_bytes:,} bytes.")
            self._check_building(allowed)
            self._uploads.count(allowed, int(length))
            async with request.form(max_files=1, max_fields=8) as form:
                key, file, content_type = form.get("key"), form.get("file"), form.get("Content-Type")
                if not isinstance(key, str) or not isinstance(file, UploadFile):
                    return _refusal(400, "key must be a form field and file a file.")
                if not isinstance(content_type, str):
                    content_type = "application/octet-stream"
                allowed.check(key)
                # Once more: a body may take its time.
                self._check_building(allowed)
                await run_in_threadpool(self._objects.put, key, file.file, content_type)
        except (UploadRefusedError, KeyRefusedError) as error:
            return _refusal(403, str(error))
        return Response(status_code=204)

    def _check_building(self, allowed: UploadPolicy) -> None:
        _, deployment_id = owner_of(allowed.prefix)
        try:
            is_building = self._store.deployment(deployment_id).state is State.BUILDING
        except MissingError:
            is_building = False
        if not is_building:
            raise UploadRefusedError("the deployment is not being built any more")


def _refusal(status: int, why: str) -> Response:
    return JSONResponse({"error": why}, status)
