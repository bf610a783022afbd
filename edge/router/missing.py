"""Sites' own pages for addresses where nothing is."""

import base64
import logging
from urllib.parse import unquote

from battleshiper.edge.router.clients import S3Client
from battleshiper.edge.router.reply import MISSING, Event, Reply
from battleshiper.platform.model.freshness import NO_STORE
from battleshiper.platform.model.media_type import media_type

_PREFIX = "/sites/"
_LARGEST_BYTES = 4 * 1024**2
"""What fits into a reply after base64."""

_log = logging.getLogger(__name__)


class MissingPages:
    """Answers with an object and a status that S3 would not give it."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def answer(self, event: Event, status: int) -> Reply:
        """Return the object that the edge function put into the request's path, or a plain page where there is none."""
        path: str = event["rawPath"]
        body = self._read(unquote(path[1:])) if path.startswith(_PREFIX) else None
        if body is None:
            return MISSING
        # No representation of the address it is sent for: nothing to keep, to compare or to cut.
        headers = {"content-type": media_type(path), "cache-control": NO_STORE, "x-content-type-options": "nosniff"}
        if "x-battleshiper-robots" in event["headers"]:
            headers["x-robots-tag"] = "noindex"
        text = base64.b64encode(body).decode()
        return {"statusCode": status, "headers": headers, "body": text, "isBase64Encoded": True}

    def _read(self, key: str) -> bytes | None:
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=key)
        except self._client.exceptions.ClientError as error:
            _log.warning("The page %s cannot be read: %s", key, error)
            return None
        body: bytes = answer["Body"].read(_LARGEST_BYTES + 1)
        return body if len(body) <= _LARGEST_BYTES else None
