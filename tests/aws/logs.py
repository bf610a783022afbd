"""CloudWatch's logs in memory, in moto."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from unittest.mock import patch

import boto3
from aws.simple_storage import REGION, one_at_a_time
from moto import mock_aws

from battleshiper.platform.logs.cloudwatch import CloudWatchLogs

PREFIX = "/battleshiper"
BUILDS, DEPLOYS = f"{PREFIX}/builds", f"{PREFIX}/deploys"


@contextmanager
def logs_client(clock: Callable[[], datetime]) -> Iterator[Any]:
    """Yield a client of a CloudWatch whose time is the clock's, with the groups that the stack makes."""
    with mock_aws(), patch("moto.logs.models.utcnow", lambda: clock().replace(tzinfo=None)):
        client = boto3.client("logs", region_name=REGION, aws_access_key_id="AKIATEST", aws_secret_access_key="secret")
        one_at_a_time(client)
        for group in (BUILDS, DEPLOYS):
            client.create_log_group(logGroupName=group)
        yield client


@contextmanager
def cloudwatch_logs(_: object, clock: Callable[[], datetime], max_bytes: int) -> Iterator[CloudWatchLogs]:
    """Yield logs in an empty CloudWatch, to which no build prints."""
    with logs_client(clock) as client:
        yield CloudWatchLogs(client, PREFIX, lambda _: (), clock, max_bytes=max_bytes)
