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
    """How often somebody else was faster at writing routes; told by who writes them, each time."""


_UNITS = {Metric.OLDEST_UNFINISHED: "Seconds", Metric.ROUTE_CONFLICTS: "Count"}


def tell_metric(metric: Metric, value: float, at: datetime) -> None:
    """Have a metric kept, by a line of its own in the function's log."""
    print(metric_line(metric, value, at), flush=True)


def metric_line(metric: Metric, value: float, at: datetime) -> str:
    """Return the line that CloudWatch takes for a metric."""
    described = {"Name": metric.value, "Unit": _UNITS[metric]}
    directive = {"Namespace": NAMESPACE, "Dimensions": [[]], "Metrics": [described]}
    return json.dumps(
        {
            "_aws": {"Timestamp": int(at.timestamp() * 1000), "CloudWatchMetrics": [directive]},
            metric.value: value,
        }
    )
