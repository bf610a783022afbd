"""Uploads: leave to put one build's output among the objects. Signed posts to ourselves here, to S3 on AWS."""

from datetime import datetime
from typing import Protocol

from battleshiper.platform.model.instructions import UploadGrant


class Uploads(Protocol):
    """Grants uploads."""

    def grant(self, prefix: str, *, files: int, file_bytes: int, total_bytes: int, expires_at: datetime) -> UploadGrant:
        """Grant uploads of files of up to `file_bytes` each under keys that start with `prefix`.

        Where the backend sees them come, `files` and `total_bytes` bound them all together, and a new grant ends
        the one before.
        """
        ...
