"""Old deployments on AWS's own stores: table, bucket, key value store and log groups, each with its limits."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from aws.dynamo_platform import FakeBus
from aws.dynamo_table import TABLE, dynamo_client
from aws.key_value_store import ARN, FakeKeyValueStore
from aws.logs import DEPLOYS, logs_client
from aws.logs import PREFIX as LOGS
from aws.simple_storage import SITES_BUCKET, s3_client

from battleshiper.platform.functions.fake import FakeFunctions
from battleshiper.platform.logs.cloudwatch import CloudWatchLogs
from battleshiper.platform.logs.port import LogKind
from battleshiper.platform.model.delivery import Delivery
from battleshiper.platform.model.deployment import Commit, Deployment, Environment, Origin, State
from battleshiper.platform.model.expiry import Keeping
from battleshiper.platform.model.manifest import Manifest, ManifestFile
from battleshiper.platform.model.route import site_key
from battleshiper.platform.objects.s3 import S3Objects
from battleshiper.platform.pipeline.expiry import Expiry
from battleshiper.platform.pipeline.places import labels_of, record_key
from battleshiper.platform.pipeline.publication import Publication
from battleshiper.platform.pipeline.routing import Routing
from battleshiper.platform.routes.key_value_store import KeyValueStoreRoutes
from battleshiper.platform.store.dynamodb.outbox import Relay
from battleshiper.platform.store.dynamodb.rows import Rows
from battleshiper.platform.store.dynamodb.store import DynamoStore
from battleshiper.platform.store.port import NewDeployment, NewProject


class Cloud:
    """A project on AWS, whose deployments are published as the deploy step does."""

    def __init__(self, dynamodb, s3, logs) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        rows = Rows(dynamodb, TABLE)
        self.s3 = s3
        self.logs_client = logs
        self.key_values = FakeKeyValueStore()
        self.functions = FakeFunctions()
        self.store = DynamoStore(rows, Relay(rows, FakeBus(), self.clock), self.clock)
        self.objects = S3Objects(s3, builds_bucket="none", sites_bucket=SITES_BUCKET)
        self.routing = Routing(self.store, self.objects, KeyValueStoreRoutes(self.key_values, ARN))  # type: ignore[arg-type]
        self.logs = CloudWatchLogs(logs, LOGS, lambda _: (), self.clock)
        keeping = Keeping(timedelta(days=30), 2)
        self.expiry = Expiry(
            self.store, self.routing, self.functions, self.objects, self.logs, keeping, self.clock, turns=1
        )
        project = NewProject("p1", ("shop",), 1, 2, 3, "octo/shop")
        self.store.accept(Delivery("d0", "push", None, self.now, ()), projects=[project])

    def clock(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now

    def deploy(self, id_: str, branch: str = "main", pages: int = 3) -> Deployment:
        """Publish a site with so many pages, a function and a line of log."""
        environment = Environment.PRODUCTION if branch == "main" else Environment.PREVIEW
        new = NewDeployment(id_, "p1", Commit("a" * 40, branch), environment, Origin.PUSH)
        made = self.store.advance(self.store.create_deployment(new), State.BUILDING)
        made = self.store.advance(made, State.DEPLOYING)
        paths = [f"client/{number}.html" for number in range(pages)]
        files = tuple(ManifestFile(path=path, bytes=1, sha256="0" * 64, content_type="text/html") for path in paths)
        for path in paths[:3]:
            self.objects.put(site_key("p1", id_, path), io.BytesIO(b"x"), "text/html")
        reference = self.functions.publish("p1", id_, b"zip")
        publication = Publication(
            project_id="p1", deployment_id=id_, manifest=Manifest(files=files), spa_fallback=None, function=reference
        )
        self.objects.put(record_key("p1", id_), io.BytesIO(publication.model_dump_json().encode()), "application/json")
        self.logs.append(id_, LogKind.DEPLOY, "Ready")
        self.routing.put_tables(publication)
        labels = labels_of(self.store.project("p1"), made)
        live = self.store.go_live(made, own=labels.own, moving=labels.moving, url="https://x", function=reference)
        self.routing.follow("p1", labels)
        return live

    def left(self) -> dict[str, list[str]]:
        """Return what there is, everywhere."""
        objects = self.s3.list_objects_v2(Bucket=SITES_BUCKET).get("Contents", [])
        streams = self.logs_client.describe_log_streams(logGroupName=DEPLOYS)["logStreams"]
        return {
            "routes": sorted(self.key_values.entries),
            "objects": sorted(each["Key"] for each in objects),
            "functions": sorted(self.functions.published),
            "logs": sorted(each["logStreamName"] for each in streams),
        }


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    holder: list[Cloud] = []
    with dynamo_client() as dynamodb, s3_client() as s3:
        with logs_client(lambda: holder[0].now if holder else datetime.now(UTC)) as logs:
            holder.append(Cloud(dynamodb, s3, logs))
            yield holder[0]


def test_nothing_is_left(cloud: Cloud) -> None:
    """What was there before an old preview came is what is there after it has expired."""
    cloud.deploy("x1")
    before = cloud.left()
    cloud.deploy("x2", "feature")
    assert cloud.left() != before
    cloud.now += timedelta(days=91)
    assert cloud.expiry.expire() == 1
    assert cloud.left() == before
    assert cloud.store.deployment("x2").expired_at is not None
    assert cloud.expiry.expire() == 0


def test_a_large_site_goes_hostname_first(cloud: Cloud) -> None:
    """Where its tables are more than one update takes, no hostname leads to tables that are gone."""
    cloud.deploy("x1")
    cloud.deploy("x2", "feature", pages=7000)
    assert len(cloud.key_values.entries) > 55
    cloud.now += timedelta(days=91)
    cloud.key_values.updates.clear()
    cloud.expiry.expire()
    first, *others = [deleted for _, deleted in cloud.key_values.updates]
    assert {"shop-x2", "shop-git-feature"} <= set(first)
    assert others
    assert sorted(key for key in cloud.key_values.entries if "x2" in key) == []


def test_it_takes_few_calls(cloud: Cloud) -> None:
    """Each call to the key value store costs money: one deployment of production takes four."""
    for number in range(3):
        cloud.deploy(f"x{number}")
    cloud.now += timedelta(days=2)
    cloud.key_values.calls.clear()
    assert cloud.expiry.expire() == 1
    assert sorted(cloud.key_values.calls) == ["DescribeKeyValueStore", "GetKey", "GetKey", "UpdateKeys"]
