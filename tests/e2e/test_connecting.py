"""From a platform without an App to a deployed push, by clicking: on the platform's page, and by the command."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from e2e.chromium import NEEDS_CHROMIUM, chromium
from e2e.harness import APPS, Checkout, Site, github_without_app, until
from e2e.signing_in import sign_in
from playwright.sync_api import Page, expect

from battleshiper.infra.cli.client import Client
from battleshiper.infra.local.serving import Listener
from battleshiper.infra.local.settings import Settings

pytestmark = NEEDS_CHROMIUM


@pytest.fixture
def page() -> Iterator[Page]:
    with chromium() as browser:
        yield browser.new_page()


@pytest.fixture
def github(tmp_path: Path) -> Iterator[str]:
    """A stand-in where nobody has made an App, and where it is."""
    with github_without_app(tmp_path / "github") as url:
        yield url


class Process:
    """A command that goes on, and the JSON that it prints now and then."""

    def __init__(self, environment: dict[str, str], folder: Path, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "battleshiper.infra.cli", *arguments],
            env=environment,
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def next_json(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        lines: list[str] = []
        while "}" not in lines[-1:]:
            lines.append(self._process.stdout.readline().rstrip("\n"))
            assert lines[-1] or self._process.poll() is None
        return json.loads("".join(lines))

    def line_with(self, text: str) -> str:
        """Return the next line on standard error that has `text` in it."""
        assert self._process.stderr is not None
        return next(line for line in self._process.stderr if text in line)

    def end(self) -> None:
        self._process.terminate()
        self._process.wait(30)
        for stream in (self._process.stdout, self._process.stderr):
            assert stream is not None
            stream.close()


class Operator:
    """Somebody at a machine with a data directory of their own."""

    def __init__(self, folder: Path, github: str) -> None:
        listener = Listener("127.0.0.1", 0)
        self.port = listener.port
        listener.close()
        self.folder = folder
        kept = {name: value for name, value in os.environ.items() if not name.startswith("BATTLESHIPER_")}
        self.environment = {
            **kept,
            "BATTLESHIPER_DATA_DIR": str(folder / "data"),
            "BATTLESHIPER_PORT": str(self.port),
            "BATTLESHIPER_BASE_URL": f"http://localhost:{self.port}",
            "BATTLESHIPER_STANDIN_PORT": "0",
            "BATTLESHIPER_GITHUB_URL": github,
            "BATTLESHIPER_GITHUB_API_URL": f"{github}/api/v3",
        }
        self._running: list[Process] = []

    def start(self, *arguments: str) -> Process:
        process = Process(self.environment, self.folder, *arguments)
        self._running.append(process)
        return process

    def findings(self) -> dict[str, dict[str, str]]:
        """Return what the doctor finds."""
        done = subprocess.run(
            [sys.executable, "-m", "battleshiper.infra.cli", "doctor", "--json"],
            env=self.environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        return {each["name"]: each for each in json.loads(done.stdout)}

    def deploy(self, github: str) -> str:
        """Push a site to GitHub and return its first page once the platform serves it."""
        work = self.folder / "work"
        shutil.copytree(APPS / "plain-html", work)
        checkout = Checkout(work, f"{github}/me/pages.git")
        checkout.git("init", "--quiet", "--initial-branch=main")
        checkout.commit()
        sha = checkout.push()
        client = Client.for_settings(Settings(self.folder / "data", port=self.port))

        def ready() -> dict[str, Any] | None:
            found = [each for each in client.get("/deployments") if each["sha"] == sha and each["finished"]]
            return found[0] if found else None

        deployment = until(ready, 120)
        client.close()
        assert deployment["state"] == "ready", deployment["reason"]
        with httpx.Client(trust_env=False) as http:
            site = Site(self.port, httpx.URL(deployment["url"]).netloc.decode(), http)
            found: str = until(lambda: site.get().status_code == 200 and site.get().text)
            return found

    def leave(self) -> None:
        for process in self._running:
            process.end()


@pytest.fixture
def operator(tmp_path: Path, github: str) -> Iterator[Operator]:
    operator = Operator(tmp_path, github)
    yield operator
    operator.leave()


def test_by_the_page(operator: Operator, github: str, page: Page) -> None:
    """The link that `up` prints leads the operator to an App; the platform goes on with it, and deploys a push."""
    up = operator.start("up", "--json")
    first = up.next_json()
    sign_in(page, first["url"])
    expect(page.get_by_text("Connect GitHub")).to_have_count(0)
    page.goto(first["connect_url"])
    page.goto(first["url"])
    page.get_by_role("link", name="Connect GitHub").click()
    page.get_by_role("button", name="Create the App on GitHub").click()
    expect(page).to_have_url(re.compile(re.escape(f"{github}/settings/apps/new")))
    page.get_by_label("GitHub App name").fill("Ship It")
    page.get_by_role("button", name="Create GitHub App").click()
    expect(page.get_by_role("heading", name="Connected to GitHub")).to_be_visible()
    assert up.next_json()["standin_url"] is None
    page.get_by_role("link", name="Install Ship It").click()
    page.get_by_role("button", name="Install").click()
    expect(page).to_have_url(re.compile(re.escape(f"{first['url']}/sign-in")))  # it is another GitHub's people now
    assert "<html" in operator.deploy(github)
    sign_in(page, first["url"])
    expect(page.get_by_role("link", name="pages", exact=True)).to_be_visible()
    found = operator.findings()
    looked_at = ("clock", "App", "App's keys", "permissions", "events", "installed", "webhook")
    assert {name: found[name]["verdict"] for name in looked_at} == dict.fromkeys(looked_at, "good")
    page.goto(first["connect_url"])
    expect(page.get_by_role("button", name="Create the App on GitHub")).to_have_count(0)


def test_by_the_command(operator: Operator, github: str, page: Page) -> None:
    """`github create-app` serves the page itself, waits for the App and its installation, and tells both."""
    command = operator.start("github", "create-app", "--json", "--no-browser", "--name", "Ship It")
    page.goto(command.line_with("/connect?key=").strip())
    page.get_by_role("button", name="Create the App on GitHub").click()
    page.get_by_role("button", name="Create GitHub App").click()
    page.get_by_role("link", name="Install Ship It").click()
    page.get_by_role("button", name="Install").click()
    made = command.next_json()
    assert (made["slug"], made["owner"], made["installed_on"]) == ("ship-it", "me", ["me"])
    kept = operator.folder / "data" / "secrets" / "github-app"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert operator.start("up", "--json").next_json()["github_url"] == github
