"""The process is killed again and again while people push; nothing is lost and nothing happens twice."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from time import sleep
from typing import Any

import httpx
from e2e.harness import Checkout, Site, until

from battleshiper.infra.cli.client import Client
from battleshiper.infra.cli.failure import CommandError
from battleshiper.infra.local.settings import Settings
from battleshiper.infra.local.standin import Standin
from battleshiper.platform.secrets.files import FileSecrets

KILLS = 12
NAMES = ("one", "two", "three")


class Victim:
    """A platform in a process of its own, which does not outlive the tests."""

    def __init__(self, settings: Settings, standin: Standin, folder: Path) -> None:
        key = folder / "app.pem"
        key.write_text(standin.github.private_key)
        self._environment = {
            **os.environ,
            "BATTLESHIPER_DATA_DIR": str(settings.data_dir),
            "BATTLESHIPER_PORT": str(settings.port),
            "BATTLESHIPER_GITHUB_URL": standin.github.url,
            "BATTLESHIPER_GITHUB_API_URL": standin.github.api_url,
            "BATTLESHIPER_GITHUB_APP_ID": str(standin.github.app_id),
            "BATTLESHIPER_GITHUB_PRIVATE_KEY_FILE": str(key),
            "BATTLESHIPER_GITHUB_WEBHOOK_SECRET": standin.github.webhook_secret,
        }
        self._address = settings.own_url
        self._log = (folder / "platform.log").open("ab")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [sys.executable, "-m", "battleshiper.infra.cli", "up"]
        self._process = subprocess.Popen(command, env=self._environment, stdout=self._log, stderr=self._log)
        until(self.answers, 30)

    def answers(self) -> bool:
        """Tell whether it is up."""
        assert self._process is not None
        assert self._process.poll() is None, "the platform ended by itself"
        try:
            return httpx.get(f"{self._address}/healthz", trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    def kill(self) -> None:
        """Kill it where it stands."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def close(self) -> None:
        """Kill it for good."""
        self.kill()
        self._log.close()


@contextmanager
def victim(folder: Path) -> Iterator[tuple[Victim, Standin, Settings]]:
    """A platform to kill, and a stand-in that lives on, as GitHub would."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = Settings(folder / "data", port=port, github_port=0, base_url=f"http://localhost:{port}")
    standin_settings = replace(settings, data_dir=folder / "standin")
    standin = Standin(standin_settings, FileSecrets(folder / "standin-secrets"))
    platform = Victim(settings, standin, folder)
    try:
        platform.start()
        standin.serve()
        yield platform, standin, settings
    finally:
        platform.close()
        standin.close()


def test_killed_at_many_points(tmp_path: Path) -> None:
    """After many kills every push that was taken has one end, and each site shows the newest of them."""
    random = Random(20261123)
    with victim(tmp_path) as (platform, standin, settings):
        checkouts = {name: make_checkout(tmp_path, standin, name) for name in NAMES}
        pushed: dict[str, list[str]] = {name: [] for name in NAMES}
        for number in range(KILLS):
            for name in random.sample(NAMES, 2):
                (checkouts[name].folder / "index.html").write_text(f"<h1>{name} {number}</h1>")
                checkouts[name].commit(f"{name} {number}")
                pushed[name].append(checkouts[name].push())
            sleep(random.uniform(0, 1.5))
            platform.kill()
            platform.start()
        client = Client.for_settings(settings)
        newest = {name: commits[-1] for name, commits in pushed.items()}
        deployments = until(lambda: settled(client, newest), 240)
        check(client, deployments, pushed)
        with httpx.Client(trust_env=False) as http:
            for name in NAMES:
                site = Site(settings.port, f"{name}.localhost:{settings.port}", http)
                expected = (checkouts[name].folder / "index.html").read_text()
                until(lambda site=site, expected=expected: site.get("/").text == expected)
        client.close()


def make_checkout(folder: Path, standin: Standin, name: str) -> Checkout:
    """Make a repository of plain files."""
    (folder / name).mkdir()
    checkout = Checkout(folder / name, f"{standin.github.url}/me/{name}.git")
    checkout.git("init", "--quiet", "--initial-branch=main")
    return checkout


def settled(client: Client, newest: dict[str, str]) -> list[dict[str, Any]] | None:
    """Return all deployments when none is unfinished and each newest commit has one."""
    try:
        deployments: list[dict[str, Any]] = client.get("/deployments", limit=500)
    except CommandError:
        return None
    known = {deployment["sha"] for deployment in deployments}
    if all(deployment["finished"] for deployment in deployments) and set(newest.values()) <= known:
        return deployments
    return None


def check(client: Client, deployments: list[dict[str, Any]], pushed: dict[str, list[str]]) -> None:
    """Every push has at most one deployment, every one has ended, and the newest of each project is live."""
    for name, commits in pushed.items():
        mine = [deployment for deployment in deployments if deployment["project"] == name]
        shas = [deployment["sha"] for deployment in mine]
        assert len(shas) == len(set(shas)), "a push was deployed twice"
        assert set(shas) <= set(commits)
        newest = next(deployment for deployment in mine if deployment["sha"] == commits[-1])
        assert newest["state"] == "ready", newest["reason"]
        assert {deployment["state"] for deployment in mine} <= {"ready", "superseded"}, [
            (deployment["state"], deployment["reason"]) for deployment in mine
        ]
    recorded = [delivery["id"] for delivery in client.get("/deliveries", limit=500)]
    assert len(recorded) == len(set(recorded))
