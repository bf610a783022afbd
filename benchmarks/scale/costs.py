"""What the platform costs: for deployments, for requests, and for being there. Each part is in dollars."""

from battleshiper.infra.aws.secret_names import SecretName
from battleshiper.infra.aws.sizes import BUILD_DISK_GIB, BUILD_MEMORY_MIB, BUILD_VCPUS
from battleshiper.infra.aws.stack.shapes import SHAPES, FunctionName
from battleshiper.platform.model.event import EventType
from benchmarks.scale import prices

_MONTH_HOURS = 730
_BUILD_HOURS = 120 / 3600
_FILES, _LOG_GB = 120, 0.0001
_WRITES, _READS, _EVENTS, _MESSAGE_CALLS = 100, 200, 8, 30
_OUR_GB_SECONDS = 25
"""Of all our functions for one deployment; publishing, with 1.75 GB for some ten seconds, is most of it."""
_OUR_CALLS = 20
_RENDERED, _RENDER_GB_SECONDS = 0.2, 0.05 * 0.25
_MISSED = 0.1
"""How many of the other requests CloudFront has to ask S3 for."""
_ANSWER_GB = 30e3 / 1e9
_POLLS_AN_HOUR = 5 * 180
"""Lambda waits at an idle queue with five long polls of 20 seconds."""
_ALARMS, _IMAGE_GB, _ZONES = 24, 1.0, 2
_SWEEP_SECONDS = 2.0
_SWEEP_READS = 56


def cost_of_deployments(count: int, route_calls: float) -> dict[str, float]:
    """Return what so many deployments cost, each with so many calls to the key value store."""
    disk = max(0, BUILD_DISK_GIB - prices.FARGATE_FREE_DISK_GB) * prices.FARGATE_DISK_GB_HOUR
    machine = BUILD_VCPUS * prices.FARGATE_VCPU_HOUR + BUILD_MEMORY_MIB / 1024 * prices.FARGATE_GB_HOUR
    each = {
        "build on demand": (machine + disk + prices.ADDRESS_HOUR) * _BUILD_HOURS,
        "build on Spot, at best": (machine * prices.FARGATE_SPOT_SHARE + disk + prices.ADDRESS_HOUR) * _BUILD_HOURS,
        "routes": route_calls * prices.ROUTES_CALL,
        "files": 2 * _FILES * prices.OBJECT_WRITE,
        "our functions": _OUR_GB_SECONDS * prices.LAMBDA_GB_SECOND + _OUR_CALLS * prices.LAMBDA_REQUEST,
        "table": _WRITES * prices.TABLE_WRITE + _READS * prices.TABLE_READ,
        "events": _EVENTS * prices.EVENT + _MESSAGE_CALLS * prices.MESSAGE_CALL,
        "logs": _LOG_GB * prices.LOG_GB,
    }
    return {part: count * cost for part, cost in each.items()}


def cost_of_requests(count: int) -> dict[str, float]:
    """Return what so many requests to sites cost."""
    each = {
        "requests": prices.EDGE_REQUEST,
        "edge functions": 2 * prices.EDGE_FUNCTION_CALL,
        "reading routes": 2 * prices.ROUTES_READ,
        "sites' functions": _RENDERED * (prices.LAMBDA_REQUEST + _RENDER_GB_SECONDS * prices.LAMBDA_GB_SECOND),
        "objects": (1 - _RENDERED) * _MISSED * prices.OBJECT_READ,
        "transfer": _ANSWER_GB * prices.EDGE_GB,
    }
    return {part: count * cost for part, cost in each.items()}


def cost_of_a_month() -> dict[str, float]:
    """Return what a month costs in which nothing happens."""
    seconds, sweeps = _MONTH_HOURS * 3600, _MONTH_HOURS * 60
    snapshots = sum(shape.memory_mib / 1024 for shape in SHAPES.values() if shape.is_waited_for)
    sweep = SHAPES[FunctionName.SWEEP].memory_mib / 1024 * _SWEEP_SECONDS
    return {
        "snapshots": snapshots * seconds * prices.SNAPSHOT_GB_SECOND,
        "secrets": len(SecretName) * prices.SECRET_MONTH,
        "polling queues": len(EventType) * _POLLS_AN_HOUR * _MONTH_HOURS * prices.MESSAGE_CALL,
        "sweeps": sweeps * (sweep * prices.LAMBDA_GB_SECOND + prices.LAMBDA_REQUEST + _SWEEP_READS * prices.TABLE_READ),
        "alarms and dashboard": _ALARMS * prices.ALARM_MONTH + prices.DASHBOARD_MONTH,
        "build image": _IMAGE_GB * prices.IMAGE_GB_MONTH,
        "hosted zones": _ZONES * prices.ZONE_MONTH,
    }
