"""The platform's resources in the emulator, and what its functions are told about them."""

import json

from aws.dynamo_table import TABLE, table_definition
from aws.emulator import ACCOUNT, REGION, Emulator

from battleshiper.infra.aws.secret_names import SecretName
from battleshiper.infra.aws.variables import LOGS_PREFIX, SECRETS_PREFIX, Variable
from battleshiper.infra.local.settings import GitHubApp
from battleshiper.platform.model.event import EventType

BUS = "battleshiper"
BUILDS_BUCKET = "battleshiper-builds"
SITES_BUCKET = "battleshiper-sites"
SITES_DOMAIN = "sites.test"
ORIGIN_SECRET = "what CloudFront says"
OPERATOR_TOKEN = "what the operator says"
STEPS = {
    EventType.INIT: "init",
    EventType.BUILD: "build",
    EventType.DEPLOY: "deploy",
    EventType.DELETE: "delete",
    EventType.DEPLOYMENT_CHANGED: "report",
}
"""The function of each event; its queue has the same name."""


class Cloud:
    """What the stack makes, but for functions and what is in front of them."""

    def __init__(self, emulator: Emulator, github: GitHubApp) -> None:
        self._emulator = emulator
        self.github = github
        self.s3 = emulator.client("s3")
        self.sqs = emulator.client("sqs")
        self.events = emulator.client("events")
        self.routes = emulator.client("cloudfront-keyvaluestore")
        self.queues: dict[str, str] = {}
        emulator.client("dynamodb").create_table(**table_definition())
        self._make_buckets()
        self.store = emulator.client("cloudfront").create_key_value_store(Name="routes")["KeyValueStore"]["ARN"]
        self._make_pipeline()
        self._make_secrets()
        logs = emulator.client("logs")
        for name in ("builds", "deploys", "server"):
            logs.create_log_group(logGroupName=f"{LOGS_PREFIX}/{name}")
        trust = {"Version": "2012-10-17", "Statement": []}
        self.role = emulator.client("iam").create_role(RoleName="sites", AssumeRolePolicyDocument=json.dumps(trust))

    def environment(self, base_url: str, batch_url: str, function: str) -> dict[str, str]:
        """Return the environment of one of our functions."""
        told = {
            Variable.TABLE: TABLE,
            Variable.BUS: BUS,
            Variable.BUILDS_BUCKET: BUILDS_BUCKET,
            Variable.SITES_BUCKET: SITES_BUCKET,
            Variable.KEY_VALUE_STORE: self.store,
            Variable.JOB_QUEUE: f"arn:aws:batch:{REGION}:{ACCOUNT}:job-queue/spot",
            Variable.JOB_QUEUE_ON_DEMAND: f"arn:aws:batch:{REGION}:{ACCOUNT}:job-queue/on-demand",
            Variable.JOB_DEFINITION: "build",
            Variable.FUNCTION_ROLE: self.role["Role"]["Arn"],
            Variable.DISTRIBUTION: f"arn:aws:cloudfront::{ACCOUNT}:distribution/E1",
            Variable.SECRETS_PREFIX: SECRETS_PREFIX,
            Variable.LOGS_PREFIX: LOGS_PREFIX,
            Variable.SITES_DOMAIN: SITES_DOMAIN,
            Variable.BASE_URL: base_url,
            Variable.GITHUB_URL: self.github.url,
            Variable.GITHUB_API_URL: self.github.api_url,
            Variable.GITHUB_APP_ID: str(self.github.app_id),
            Variable.RETENTION_DAYS: "30",
            Variable.QUEUE_URL: self.queues.get(function, ""),
        }
        return {
            **{name.value: value for name, value in told.items()},
            "AWS_ENDPOINT_URL": self._emulator.url,
            "AWS_ENDPOINT_URL_BATCH": batch_url,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_LAMBDA_FUNCTION_NAME": f"battleshiper-{function}",
        }

    def tell_of_job(self, event: dict) -> None:
        """Put an event of Batch where AWS's own events go."""
        entry = {
            "Source": event["source"],
            "DetailType": event["detail-type"],
            "Detail": json.dumps(event["detail"]),
            "Resources": event.get("resources", []),
        }
        self.events.put_events(Entries=[entry])

    def _make_buckets(self) -> None:
        for bucket in (BUILDS_BUCKET, SITES_BUCKET):
            self.s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})

    def _make_pipeline(self) -> None:
        self.events.create_event_bus(Name=BUS)
        for event_type, name in STEPS.items():
            self.queues[name] = self.sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": "8"})["QueueUrl"]
            self._make_rule(name, BUS, {"source": ["battleshiper"], "detail-type": [event_type.value]}, name)
        ends = {
            "source": ["aws.batch"],
            "detail-type": ["Batch Job State Change"],
            "detail": {"status": ["SUCCEEDED", "FAILED"]},
        }
        self._make_rule("job-ends", "default", ends, "deploy")

    def _make_rule(self, name: str, bus: str, pattern: dict, queue: str) -> None:
        self.events.put_rule(Name=name, EventBusName=bus, EventPattern=json.dumps(pattern))
        arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{queue}"
        self.events.put_targets(Rule=name, EventBusName=bus, Targets=[{"Id": queue, "Arn": arn}])

    def _make_secrets(self) -> None:
        values = {
            SecretName.OPERATOR_TOKEN: OPERATOR_TOKEN,
            SecretName.ORIGIN_SECRET: ORIGIN_SECRET,
            SecretName.GITHUB_PRIVATE_KEY: self.github.private_key,
            SecretName.GITHUB_WEBHOOK_SECRET: self.github.webhook_secret,
        }
        manager = self._emulator.client("secretsmanager")
        for name in SecretName:
            given = {"SecretString": values[name]} if name in values else {}
            manager.create_secret(Name=SECRETS_PREFIX + name.value, **given)
