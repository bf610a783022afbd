"""The whole platform on the emulator, made by CloudFormation from the synthesised stack, with stand-ins for GitHub,
Batch and CloudFront."""

import json
import os
import shutil
import sys
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from time import time
from typing import Any

import httpx
from aws.batch_api import BatchApi
from aws.batch_standin import BatchStandIn, Image
from aws.checksums import Checksums
from aws.cloudfront.distribution import Distribution
from aws.cloudfront.origins import Answer
from aws.emulator import ACCOUNT, REGION, Emulator
from aws.front import Front
from aws.stack import deploy_stack
from aws.wire import Wire
from e2e.harness import APPS, BUILD_SECONDS, Checkout, until

from battleshiper.build_runner.operator_network import network_environment
from battleshiper.infra.aws.operation.setup.app_secrets import AppSecrets
from battleshiper.infra.aws.operation.steps import SecretsStep
from battleshiper.infra.aws.stack.options import Options
from battleshiper.infra.aws.variables import LOGS_PREFIX, Variable
from battleshiper.infra.local.demo.github import GitHubView
from battleshiper.infra.local.github.person import Person
from battleshiper.infra.local.serving import Listener
from battleshiper.infra.local.settings import GitHubApp, Settings
from battleshiper.infra.local.standin import OWNER, Standin
from battleshiper.platform.secrets.files import FileSecrets

PLATFORM_DOMAIN = "deploy.test"
SITES_DOMAIN = "sites.test"
_CERTIFICATE = f"arn:aws:acm:us-east-1:{ACCOUNT}:certificate/"
_HERE = "localhost,127.0.0.1"


class PlatformOnAws:
    """It takes pushes from its start to `close`."""

    def __init__(self, emulator: Emulator, folder: Path) -> None:
        self.emulator = emulator
        self._folder = folder
        self._closing = ExitStack()
        listener = Listener("127.0.0.1", 0)
        self._closing.callback(listener.close)
        settings = Settings(folder, port=listener.port, base_url=f"http://127.0.0.1:{listener.port}", github_port=0)
        self.standin = Standin(settings, FileSecrets(folder / "secrets"))
        self._closing.callback(self.standin.close)
        self._logs, self._events, self._queues = (emulator.client(each) for each in ("logs", "events", "sqs"))
        self.job_events_each = 1
        """How often EventBridge delivers what Batch tells."""
        self.batch = self._make_batch()
        api = BatchApi(self.batch)
        self._closing.callback(api.close)
        self.wire = Wire(emulator.url)
        self.wire.complete = Checksums(emulator)
        self._closing.callback(self.wire.close)
        self.url = f"http://127.0.0.1:{listener.port}"
        self.stack = deploy_stack(emulator, _options(self.standin.github), self._environment(api.url), folder)
        self._enter_secrets(self.standin.github)
        self.front = Front(PLATFORM_DOMAIN)
        self.front.distribution = self._distribution("Internal")
        self.sites = self._distribution("Sites")
        token = emulator.client("secretsmanager").get_secret_value(SecretId=self.stack.outputs["OperatorTokenSecret"])
        self.http = httpx.Client(
            base_url=self.url,
            headers={"authorization": f"Bearer {token['SecretString']}"},
            trust_env=False,
            timeout=60,
        )
        self._closing.callback(self.http.close)
        self.call("sweep")  # makes the ticket keys
        listener.serve(self.front)
        self.standin.serve()

    def close(self) -> None:
        """End everything."""
        self._closing.close()

    def call(self, function: str, event: Mapping[str, Any] | None = None) -> Any:
        """Call one of our functions and return what it says."""
        client = self.emulator.client("lambda", read_timeout=60)
        answer = client.invoke(FunctionName=self.stack.function(function), Payload=json.dumps(event or {}).encode())
        said = json.loads(answer["Payload"].read() or "null")
        assert "FunctionError" not in answer, said
        return said

    def visit(
        self,
        label: str,
        path: str = "/",
        method: str = "GET",
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask for a path of the site at a label."""
        asked = {"accept": "text/html", **(headers or {})}
        return self.sites.request(f"{label}.{SITES_DOMAIN}", path, method, asked, body)

    def bucket(self, name: str) -> str:
        """Return what a bucket of ours is called, such as `Sites`."""
        (found,) = (made for logical, made in self.stack.of_type("AWS::S3::Bucket").items() if f"Data{name}" in logical)
        return found

    def waiting(self) -> int:
        """Return how many messages are in the queues of the steps, those that functions have included."""
        kinds = ["ApproximateNumberOfMessages" + kind for kind in ("", "Delayed", "NotVisible")]
        queues = [url for name, url in self.stack.of_type("AWS::SQS::Queue").items() if "DeadLetters" not in name]
        answers = [self._queues.get_queue_attributes(QueueUrl=url, AttributeNames=kinds) for url in queues]
        return sum(int(count) for answer in answers for count in answer["Attributes"].values())

    def owner(self) -> Person:
        """Return who owns the repositories."""
        return Person.owner(self.standin.github.url, self._folder / "github")

    def checkout(self, name: str, app: str | None = None) -> Checkout:
        """Make a repository called `name`, with a sample app in it."""
        folder = self._folder / "checkouts" / name
        if app is None:
            folder.mkdir(parents=True)
            (folder / "index.html").write_text(f"<h1>{name}</h1>")
        else:
            shutil.copytree(APPS / app, folder, ignore=shutil.ignore_patterns("node_modules"))
        checkout = Checkout(folder, f"{self.standin.github.url}/{OWNER}/{name}.git")
        checkout.git("init", "--quiet", "--initial-branch=main")
        return checkout

    def deployments(self, sha: str = "") -> list[dict[str, Any]]:
        """Return the deployments of a commit as the API tells them, newest first."""
        found = self.http.get("/api/v1/deployments", params={"limit": 100}).raise_for_status().json()
        return [each for each in found if sha in ("", each["sha"])]

    def follow(self, sha: str) -> dict[str, Any]:
        """Wait until a commit's deployments are finished, and served where they are ready; return the newest."""

        def finished() -> dict[str, Any] | None:
            found = self.deployments(sha)
            return found[0] if found and all(each["finished"] for each in found) else None

        ended: dict[str, Any] = until(finished, BUILD_SECONDS)
        if ended["state"] == "ready":
            # The route is written right after the state: the store says what is meant, routes follow.
            label = ended["url"].partition("://")[2].partition(".")[0]
            until(lambda: b"There is no site at this address" not in self.visit(label).body, 30)
        return ended

    def log(self, deployment: dict[str, Any], kind: str = "build") -> str:
        """Return a log as the API tells it."""
        lines = self.http.get(f"/api/v1/deployments/{deployment['id']}/logs/{kind}").raise_for_status().json()["lines"]
        return "\n".join(line["text"] for line in lines)

    def shown(self, name: str, sha: str, state: str) -> None:
        """Wait until GitHub shows `state` as the commit's status and its Deployment's."""
        github = GitHubView(replace(self.standin.github), f"{OWNER}/{name}")

        def shown() -> bool:
            statuses, deployment = github.statuses(sha), github.deployment(sha)
            return bool(statuses and statuses[0]["state"] == state and deployment and deployment["state"] == state)

        try:
            until(shown, 60)
        finally:
            github.close()

    def _distribution(self, part: str) -> Distribution:
        made = self.stack.of_type("AWS::CloudFront::Distribution")
        (found,) = (each for logical, each in made.items() if logical.startswith(part))
        distribution = Distribution(self.emulator, found)
        self._closing.callback(distribution.close)
        return distribution

    def _environment(self, batch_url: str) -> dict[str, str]:
        """Return what functions are told besides what the stack tells them: where AWS is, and the platform."""
        wire = self.wire.url
        return {
            Variable.BASE_URL.value: self.url,
            "AWS_ENDPOINT_URL": wire,
            "AWS_ENDPOINT_URL_BATCH": batch_url,
            # Its names begin with the account's number.
            "AWS_ENDPOINT_URL_CLOUDFRONT_KEYVALUESTORE": wire.replace("127.0.0.1", "localhost"),
            "HTTP_PROXY": wire,
        }

    def _enter_secrets(self, github: GitHubApp) -> None:
        """Enter the App's secrets as `battleshiper aws deploy` does."""
        given = AppSecrets(github.private_key, github.webhook_secret, f"{github.client_id}\n{github.client_secret}")
        step = SecretsStep(given, REGION, self.emulator.clients_in(REGION))
        assert step.do(self.stack.outputs, lambda _: None)

    def _make_batch(self) -> BatchStandIn:
        cache = self._folder / "cache"
        cache.mkdir()

        def environment(work: Path) -> dict[str, str]:
            kept = {name: os.environ[name] for name in ("HOME", "LANG", "PATH") if name in os.environ}
            return {
                **kept,
                # How package registries are reached is the machine's own affair, as it is the image's on AWS.
                **network_environment({**os.environ, "NO_PROXY": _HERE, "no_proxy": _HERE}),
                "BATTLESHIPER_WORK_DIR": str(work),
                "BATTLESHIPER_CACHE_DIR": str(cache),
            }

        image = Image((sys.executable, "-m", "battleshiper.build_runner"), environment)
        batch = BatchStandIn(self._folder / "batch", image, self._tell_of_job, self._log, {"spot": 2, "on-demand": 2})
        self._closing.callback(batch.close)
        return batch

    def _tell_of_job(self, event: dict[str, Any]) -> None:
        """Do what EventBridge does with an event of AWS's own, which nobody else can put there."""
        for rule in self._events.list_rules()["Rules"]:
            if pattern := rule.get("EventPattern"):
                asked = self._events.test_event_pattern(EventPattern=pattern, Event=json.dumps(event))
                targets = self._events.list_targets_by_rule(Rule=rule["Name"])["Targets"] if asked["Result"] else []
                for target in targets:
                    queue = self._queues.get_queue_url(QueueName=target["Arn"].rpartition(":")[2])["QueueUrl"]
                    for _ in range(self.job_events_each):
                        self._queues.send_message(QueueUrl=queue, MessageBody=json.dumps(event))

    def _log(self, stream: str, line: str) -> None:
        group = f"{LOGS_PREFIX}/builds"
        with suppress(self._logs.exceptions.ResourceAlreadyExistsException):
            self._logs.create_log_stream(logGroupName=group, logStreamName=stream)
        event = {"timestamp": int(time() * 1000), "message": line}
        self._logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=[event])


def _options(github: GitHubApp) -> Options:
    return Options(
        platform_domain=PLATFORM_DOMAIN,
        sites_domain=SITES_DOMAIN,
        github_app_id=str(github.app_id),
        region=REGION,
        github_url=github.url,
        github_api_url=github.api_url,
        platform_certificate=f"{_CERTIFICATE}platform",
        sites_certificate=f"{_CERTIFICATE}sites",
        alarm_email="operator@example.org",
    )
