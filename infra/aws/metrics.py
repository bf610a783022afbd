"""What the platform itself measures, as log lines that CloudWatch takes for metrics
(https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html)."""

import json
from datetime import datetime
from enum import StrEnum

NAMESPACE = "Battleshiper"


class Metric(StrEnum):
    """Our metrics."""

    OLDEST_UNFINISHED = "OldestUnfinished"
    """For how many seconds the oldest unfinished deployment has not moved; told by each sweep."""
    ROUTE_CONFLICTS = "RouteConflicts"
    """How often somebody else was faster at writing routes."""


_UNITS = {Metric.OLDEST_UNFINISHED: "Seconds", Metric.ROUTE_CONFLICTS: "Count"}


def metric_line(metric: Metric, value: float, at: datetime) -> str:
    """Return the line that a function prints to have a metric kept."""
    described = {"Name": metric.value, "Unit": _UNITS[metric]}
    directive = {"Namespace": NAMESPACE, "Dimensions": [[]], "Metrics": [described]}
    return json.dumps(
        {
            "_aws": {"Timestamp": int(at.timestamp() * 1000), "CloudWatchMetrics": [directive]},
            metric.value: value,
        }
    )
