"""What functions tell CloudWatch by lines of their logs."""

import json
from datetime import UTC, datetime

from aws.key_value_store import FakeKeyValueStore
from botocore.exceptions import ClientError

from battleshiper.infra.aws.clients import Clients
from battleshiper.infra.aws.foundation import Foundation
from battleshiper.infra.aws.metrics import Metric, metric_line
from battleshiper.infra.aws.sites import open_routes
from battleshiper.infra.aws.variables import Variable


class Overtaken(FakeKeyValueStore):
    """A store that somebody else writes to before the first update."""

    overtaken = False

    def update_keys(self, **given):
        if not self.overtaken:
            self.overtaken = True
            raise ClientError({"Error": {"Code": "ConflictException"}}, "UpdateKeys")
        return super().update_keys(**given)


class OneStore(Clients):
    """Clients that reach nothing but a store of routes."""

    def of(self, service, patience=None, **config):
        return Overtaken() if service == "cloudfront-keyvaluestore" else None

    def configured(self, service, config):
        return None


def test_a_line_is_a_metric() -> None:
    """In the format that CloudWatch looks for, without dimensions: there is one platform."""
    told = json.loads(metric_line(Metric.ROUTE_CONFLICTS, 1, datetime(2026, 1, 1, tzinfo=UTC)))
    [directive] = told["_aws"]["CloudWatchMetrics"]
    assert told["_aws"]["Timestamp"] == 1767225600000
    assert directive["Namespace"] == "Battleshiper"
    assert directive["Dimensions"] == [[]]
    assert directive["Metrics"] == [{"Name": "RouteConflicts", "Unit": "Count"}]
    assert told["RouteConflicts"] == 1


def test_who_writes_routes_tells_conflicts(capsys) -> None:
    """Each conflict is one line, which the alarm counts."""
    foundation = Foundation({name.value: "1" for name in Variable}, OneStore())
    open_routes(foundation).write({"shop": "1"})
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["RouteConflicts"] for line in lines] == [1]
