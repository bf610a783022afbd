"""Uploads straight to S3: a signed policy that S3 itself holds every post to."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from battleshiper.platform.model.instructions import UploadGrant

if TYPE_CHECKING:
    from types_boto3_s3.client import S3Client


class S3Uploads:
    """Signs policies for one bucket (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html).

    `client` has to name the bucket and its region in addresses (`s3={"addressing_style": "virtual"}`): S3 redirects
    posts that come to any other. A grant is worth no more than the credentials of `client`: it ends with them if they
    end earlier, and allows nothing that they do not. They need `s3:PutObject` below the prefixes that are granted, and
    no more. Those of a Lambda function outlive its environment, and so any build.

    S3 takes each post by itself and counts nothing, so `files` and `total_bytes` bind nobody here; the deploy step
    looks at what was uploaded in all (`pipeline.check`).
    """

    def __init__(self, client: "S3Client", bucket: str, clock: Callable[[], datetime]) -> None:
        self._client = client
        self._bucket = bucket
        self._clock = clock

    def grant(self, prefix: str, *, files: int, file_bytes: int, total_bytes: int, expires_at: datetime) -> UploadGrant:  # noqa: ARG002 - see the class
        """Grant uploads; see `uploads.port`. S3 compares each file with the sha256 that comes with it."""
        fixed = {"x-amz-checksum-algorithm": "SHA256", "success_action_status": "204"}
        post = self._client.generate_presigned_post(
            self._bucket,
            # Each post brings its own; this one only makes boto write the condition.
            f"{prefix}${{filename}}",
            Fields=dict(fixed),
            Conditions=[
                *({name: value} for name, value in fixed.items()),
                ["starts-with", "$Content-Type", ""],
                ["starts-with", "$x-amz-checksum-sha256", ""],
                ["content-length-range", 0, file_bytes],
            ],
            ExpiresIn=int((expires_at - self._clock()).total_seconds()),
        )
        fields = {name: value for name, value in post["fields"].items() if name != "key"}
        return UploadGrant(url=post["url"], fields=fields, prefix=prefix)
