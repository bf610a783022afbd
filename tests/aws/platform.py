"""The whole platform on the emulator, with a stand-in for GitHub and one for Batch."""

import os
import shutil
import sys
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from time import time
from typing import Any

import httpx
from aws.batch_api import BatchApi
from aws.batch_standin import BatchStandIn, Image
from aws.cloud import OPERATOR_TOKEN, ORIGIN_SECRET, Cloud
from aws.edge import Edge
from aws.emulator import Emulator
from aws.front import Front
from aws.functions import Functions
from e2e.harness import APPS, BUILD_SECONDS, Checkout, until

from battleshiper.build_runner.operator_network import network_environment
from battleshiper.infra.aws.variables import LOGS_PREFIX
from battleshiper.infra.local.demo.github import GitHubView
from battleshiper.infra.local.serving import Listener
from battleshiper.infra.local.settings import Settings
from battleshiper.infra.local.standin import OWNER, Standin
from battleshiper.platform.secrets.files import FileSecrets

_HERE = "localhost,127.0.0.1"


class PlatformOnAws:
    """It takes pushes from its start to `close`."""

    def __init__(self, emulator: Emulator, folder: Path) -> None:
        self._folder = folder
        self._closing = ExitStack()
        listener = Listener("127.0.0.1", 0)
        self._closing.callback(listener.close)
        settings = Settings(folder, port=listener.port, github_port=0)
        self.standin = Standin(settings, FileSecrets(folder / "secrets"))
        self._closing.callback(self.standin.close)
        self.cloud = Cloud(emulator, self.standin.github)
        self._logs = emulator.client("logs")
        self.batch = self._make_batch()
        api = BatchApi(self.batch)
        self._closing.callback(api.close)
        self.functions = Functions(self.cloud, f"http://127.0.0.1:{listener.port}", api.url)
        self.edge = Edge(self.cloud, emulator.client("lambda"), lambda: self.functions.handler("router"))
        self.http = httpx.Client(
            base_url=f"http://127.0.0.1:{listener.port}",
            headers={"authorization": f"Bearer {OPERATOR_TOKEN}"},
            trust_env=False,
            timeout=30,
        )
        self._closing.callback(self.http.close)
        self.functions.handler("sweep")({}, None)  # makes the ticket keys
        self.front = Front(self.functions.handler, ORIGIN_SECRET)
        listener.serve(self.front)
        self.functions.start()
        self._closing.callback(self.functions.close)
        self.standin.serve()

    def close(self) -> None:
        """End everything."""
        self._closing.close()

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
            until(lambda: b"There is no site at this address" not in self.edge.request(label).body, 30)
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
        batch = BatchStandIn(
            self._folder / "batch", image, self.cloud.tell_of_job, self._log, {"spot": 2, "on-demand": 2}
        )
        self._closing.callback(batch.close)
        return batch

    def _log(self, stream: str, line: str) -> None:
        group = f"{LOGS_PREFIX}/builds"
        with suppress(self._logs.exceptions.ResourceAlreadyExistsException):
            self._logs.create_log_stream(logGroupName=group, logStreamName=stream)
        event = {"timestamp": int(time() * 1000), "message": line}
        self._logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=[event])
