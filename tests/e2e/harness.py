"""What end-to-end tests do: push as people do, look as visitors do."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx

from battleshiper.infra.cli.client import Client
from battleshiper.infra.local.demo.github import GitHubView
from battleshiper.infra.local.github.app import create_app
from battleshiper.infra.local.github.settings import GitHubSettings
from battleshiper.infra.local.running import RunningPlatform
from battleshiper.infra.local.serving import Listener

APPS = Path(__file__).parent / "apps"
BUILD_SECONDS = 240
_GIT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    **{f"GIT_{who}_{what}": "test@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}


@contextmanager
def github_without_app(folder: Path) -> Iterator[str]:
    """Run a stand-in where nobody has made an App, and yield where it is."""
    listener = Listener("127.0.0.1", 0)
    url = f"http://localhost:{listener.port}"
    listener.serve(create_app(GitHubSettings(folder, url, 0, "", "", "")))
    try:
        yield url
    finally:
        listener.close()


@dataclass
class Checkout:
    """A repository as its owner has it on their machine."""

    folder: Path
    remote: str

    def git(self, *arguments: str) -> str:
        """Run git and return what it prints."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            env={**os.environ, **_GIT},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def commit(self, message: str = "Change") -> str:
        """Commit everything and return the commit."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")

    def push(self, ref: str = "HEAD:main", *options: str) -> str:
        """Push and return the pushed commit."""
        self.git("push", "--quiet", *options, self.remote, ref)
        return self.git("rev-parse", "HEAD")


@dataclass
class Site:
    """A site as its visitors see it, whatever their resolver thinks of `*.localhost`."""

    port: int
    host: str
    http: httpx.Client

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Ask for a path."""
        headers = {"host": self.host, **options.pop("headers", {})}
        return self.http.request(method, f"http://127.0.0.1:{self.port}{path}", headers=headers, **options)

    def get(self, path: str = "/", **options: Any) -> httpx.Response:
        """GET a path."""
        return self.request("GET", path, **options)


class Platform:
    """A running platform and what tests do with it."""

    def __init__(self, running: RunningPlatform, folder: Path) -> None:
        self.running = running
        self.client = Client.for_settings(running.settings)
        self.http = httpx.Client(trust_env=False, timeout=30)
        self._folder = folder

    def close(self) -> None:
        """Close every connection."""
        self.client.close()
        self.http.close()

    def checkout(self, name: str, app: str | None = None) -> Checkout:
        """Make a repository called `name` with a sample app in it."""
        folder = self._folder / "checkouts" / name
        if app is None:
            folder.mkdir(parents=True)
        else:
            shutil.copytree(APPS / app, folder, ignore=shutil.ignore_patterns("node_modules"))
        checkout = Checkout(folder, self.running.push_url(name))
        checkout.git("init", "--quiet", "--initial-branch=main")
        return checkout

    def follow(self, sha: str, *, number: int = 1) -> dict[str, Any]:
        """Wait until the commit has `number` deployments, they are finished, and the newest is served when it is ready;
        return that."""

        def finished() -> dict[str, Any] | None:
            found = [each for each in self.client.get("/deployments", limit=200) if each["sha"] == sha]
            return found[0] if len(found) >= number and all(each["finished"] for each in found) else None

        newest: dict[str, Any] = until(finished, BUILD_SECONDS)
        if newest["state"] == "ready":
            self.served(newest)
        return newest

    def served(self, deployment: dict[str, Any]) -> Site:
        """Wait until a deployment that is ready has its routes, and return the site: they are written right after the
        state, those of one deployment at once."""
        label = f"{deployment['project']}-{deployment['id']}"

        def has_route() -> bool:
            with closing(sqlite3.connect(self.running.settings.data_dir / "battleshiper.db")) as database:
                return database.execute("SELECT 1 FROM routes WHERE key = ?", (label,)).fetchone() is not None

        until(has_route)
        return self.site(deployment["url"])

    def started(self, sha: str) -> dict[str, Any]:
        """Wait until the commit has a deployment and return it."""

        def started() -> dict[str, Any] | None:
            return next((each for each in self.client.get("/deployments", limit=200) if each["sha"] == sha), None)

        found: dict[str, Any] = until(started)
        return found

    def deploy(self, checkout: Checkout, ref: str = "HEAD:main") -> dict[str, Any]:
        """Commit, push, and return the deployment once it has ended."""
        checkout.commit()
        return self.follow(checkout.push(ref))

    def log(self, deployment: dict[str, Any]) -> str:
        """Return the whole build log."""
        lines = self.client.get(f"/deployments/{deployment['id']}/logs/build")["lines"]
        return "\n".join(line["text"] for line in lines)

    def ready(self, checkout: Checkout, ref: str = "HEAD:main") -> Site:
        """Deploy and return the site; fails with the build log when it is not ready."""
        deployment = self.deploy(checkout, ref)
        assert deployment["state"] == "ready", f"{deployment['reason']}\n{self.log(deployment)}"
        return self.site(deployment["url"])

    def site(self, url: str) -> Site:
        """Return the site at an address."""
        return Site(self.running.settings.port, httpx.URL(url).netloc.decode(), self.http)

    def shown(self, name: str, sha: str, state: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        """Wait until GitHub shows `state` as the commit's status and Deployment; return both."""

        def shown() -> Any:
            statuses, deployment = self.on_github(name, sha)
            is_there = statuses and statuses[0]["state"] == state and deployment and deployment["state"] == state
            return (statuses, deployment) if is_there else None

        found: tuple[list[dict[str, Any]], dict[str, Any]] = until(shown)
        return found

    def shown_deployment(self, name: str, sha: str, state: str) -> None:
        """Wait until GitHub shows `state` as the commit's Deployment."""
        until(lambda: (self.on_github(name, sha)[1] or {}).get("state") == state)

    def on_github(self, name: str, sha: str) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
        """Return the commit's statuses on GitHub and its newest Deployment there, None where it has none."""
        with closing(GitHubView(self.running.github, self.running.repository_name(name))) as github:
            return github.statuses(sha), github.deployment(sha)


def until(probe: Callable[[], Any], seconds: float = 30) -> Any:
    """Return what `probe` returns as soon as that is true; fails after `seconds`."""
    deadline = monotonic() + seconds
    while not (found := probe()):
        assert monotonic() < deadline, f"it did not happen in {seconds} seconds"
        sleep(0.05)
    return found
