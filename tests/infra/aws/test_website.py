"""What the web function makes for itself."""

from datetime import UTC, datetime, timedelta

import pytest
from botocore.session import Session

from battleshiper.infra.aws.clients import Clients
from battleshiper.infra.aws.foundation import Foundation
from battleshiper.infra.aws.variables import Variable
from battleshiper.infra.aws.website import open_uploads


@pytest.mark.parametrize(
    "region", ["us-east-1", "us-west-2", "eu-west-1", "ap-southeast-2", "sa-east-1", "eu-central-1"]
)
def test_uploads_are_signed_as_every_bucket_wants_it(region: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With version 4, in old regions and new ones."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    session = Session()
    session.set_config_variable("region", region)
    uploads = open_uploads(Foundation({name.value: "1" for name in Variable}, Clients(session)))
    grant = uploads.grant(
        "builds/p/d/", files=1, file_bytes=1, total_bytes=1, expires_at=datetime.now(UTC) + timedelta(minutes=1)
    )
    assert grant.fields["x-amz-algorithm"] == "AWS4-HMAC-SHA256"
    assert f"/{region}/s3/" in grant.fields["x-amz-credential"]
