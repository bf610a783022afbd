"""Log groups, each with an end to what it keeps."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_logs as logs
from constructs import Construct

from battleshiper.infra.aws.variables import LOGS_PREFIX

_KEPT_DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)
"""What CloudWatch offers
(https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html)."""


def kept_days(days: int) -> int:
    """Return the shortest retention on offer that keeps logs for `days`."""
    return next((offered for offered in _KEPT_DAYS if offered >= days), _KEPT_DAYS[-1])


def log_group(scope: Construct, id: str, name: str, days: int) -> logs.LogGroup:
    """Make the group `/battleshiper/<name>`, which goes with the stack."""
    group = logs.LogGroup(scope, id, log_group_name=f"{LOGS_PREFIX}/{name}", removal_policy=RemovalPolicy.DESTROY)
    described = group.node.default_child
    assert isinstance(described, logs.CfnLogGroup)  # noqa: S101 - tells the type checker
    described.retention_in_days = kept_days(days)
    return group
