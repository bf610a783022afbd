"""`github create-app` where nobody sits at a browser: what it refuses, what is pasted, what it writes."""

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from e2e.harness import github_without_app

from battleshiper.infra.local.github.app import create_app
from battleshiper.infra.local.github.settings import GitHubSettings
from battleshiper.infra.local.kept_app import KeptApp, keep_app, read_kept_app
from battleshiper.infra.local.serving import Listener

APP = KeptApp(7, "ship", "Ship", "me", "https://git.example/apps/ship", "Iv1", "https://git.example",
              "https://git.example/api/v3", "client's", "webhook's", "key")  # fmt: skip


@pytest.fixture
def github(tmp_path: Path) -> Iterator[str]:
    """A stand-in where nobody has made an App, and where it is."""
    with github_without_app(tmp_path / "github") as url:
        yield url


class Pasting:
    """`create-app --paste`, and the browser on another machine."""

    def __init__(self, shell, folder: Path, github: str, *arguments: str) -> None:
        self.folder = folder
        environment = {
            **shell.environment,
            "BATTLESHIPER_GITHUB_URL": github,
            "BATTLESHIPER_GITHUB_API_URL": f"{github}/api/v3",
            "BATTLESHIPER_PLATFORM_DOMAIN": "ship.example.org",
        }
        command = shell.command("github", "create-app", "--paste", "--no-wait", "--json", *arguments)
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            command, env=environment, cwd=folder, stdin=pipe, stdout=pipe, stderr=pipe, text=True
        )
        self._github = github

    def make(self, name: str = "Ship It") -> str:
        """Make the App with the page that was written, and return the address that the browser is led to."""
        assert self._process.stderr is not None
        assert any("Paste that address" in line for line in self._process.stderr)
        page = (self.folder / "github-app.html").read_text()
        (action,) = re.findall(r'action="([^"]*)"', page)
        (manifest,) = re.findall(r'name="manifest" value="([^"]*)"', page)
        asked = httpx.post(unescape(action), data={"manifest": unescape(manifest)}).text
        fields = {field: unescape(value) for field, value in re.findall(r'name="(\w+)" value="([^"]*)"', asked)}
        answer = httpx.post(f"{self._github}/settings/apps", data={**fields, "name": name}).text
        (address,) = re.findall(r'content="0; url=([^"]*)"', answer)
        return unescape(address)

    def paste(self, text: str) -> tuple[int, str, str]:
        """Paste something and return how it ended."""
        said, complained = self._process.communicate(f"{text}\n", timeout=30)
        return self._process.returncode, said, complained


@pytest.fixture
def empty_shell(make_shell, tmp_path: Path):
    """A shell at a machine where no platform was started yet."""
    return make_shell(tmp_path / "data", 1)


def test_a_pasted_address(empty_shell, tmp_path: Path, github: str) -> None:
    """The App is kept, nothing secret is printed, and the page is gone."""
    pasting = Pasting(empty_shell, tmp_path, github)
    code, said, complained = pasting.paste(pasting.make())
    assert code == 0, complained
    kept = read_kept_app(tmp_path / "data")
    assert kept is not None
    assert json.loads(said)["install_url"] == f"{github}/apps/ship-it/installations/new"
    for secret in (kept.webhook_secret, kept.client_secret, kept.private_key[40:80]):
        assert secret not in said + complained
    assert not (tmp_path / "github-app.html").exists()


def test_an_organisations_app(empty_shell, tmp_path: Path) -> None:
    """It is made in the organisation's settings, and is the organisation's."""
    listener = Listener("127.0.0.1", 0)
    url = f"http://localhost:{listener.port}"
    settings = GitHubSettings(tmp_path / "github", url, 0, "", "", "", owner_login="octo", owner_type="Organization")
    listener.serve(create_app(settings))
    pasting = Pasting(empty_shell, tmp_path, url, "--org", "octo")
    code, said, complained = pasting.paste(pasting.make())
    listener.close()
    assert code == 0, complained
    assert json.loads(said)["owner"] == "octo"


def test_a_pasted_code(empty_shell, tmp_path: Path, github: str) -> None:
    """The code alone is enough."""
    pasting = Pasting(empty_shell, tmp_path, github)
    code = parse_qs(urlsplit(pasting.make()).query)["code"][0]
    assert pasting.paste(code)[0] == 0
    assert read_kept_app(tmp_path / "data") is not None


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ("http://127.0.0.1:8786/connect/created?code=x&state=theirs", "did not begin here"),
        ("0000", "does not know this code"),
        ("", "Nothing was pasted"),
    ],
)
def test_what_is_no_good(empty_shell, tmp_path: Path, github: str, pasted: str, said: str) -> None:
    """Another try's address, an unknown code and nothing at all are told, and nothing is kept."""
    code, _, complained = Pasting(empty_shell, tmp_path, github).paste(pasted)
    assert code == 1
    assert said in complained
    assert "Traceback" not in complained
    assert read_kept_app(tmp_path / "data") is None
    assert not (tmp_path / "github-app.html").exists()


def test_a_github_that_is_not_there(empty_shell, tmp_path: Path) -> None:
    """It is told in one line."""
    listener = Listener("127.0.0.1", 0)
    listener.close()
    code, _, complained = Pasting(empty_shell, tmp_path, f"http://localhost:{listener.port}").paste("x")
    assert code == 1
    assert "GitHub cannot be reached" in complained
    assert "Traceback" not in complained


def test_an_app_that_is_there(empty_shell, tmp_path: Path, github: str) -> None:
    """A second one is refused, unless it is to replace the first, wherever that was made."""
    keep_app(tmp_path / "data", APP)
    done = empty_shell.run("github", "create-app", "--no-browser")
    assert done.returncode == 1
    assert "Ship" in done.stderr
    assert "--replace" in done.stderr
    pasting = Pasting(empty_shell, tmp_path, github, "--replace")
    code, _, complained = pasting.paste(pasting.make())
    assert code == 0, complained
    kept = read_kept_app(tmp_path / "data")
    assert kept is not None
    assert kept.url == github


def test_an_app_in_the_settings(empty_shell, tmp_path: Path) -> None:
    """The settings would go before the new App, so they are named, whatever is asked for."""
    for arguments in ((), ("--replace",)):
        done = empty_shell.run("github", "create-app", *arguments, BATTLESHIPER_GITHUB_APP_ID="5")
        assert done.returncode == 1
        assert "BATTLESHIPER_GITHUB_APP_ID" in done.stderr
        assert "Unset" in done.stderr
    assert read_kept_app(tmp_path / "data") is None


def test_files_for_aws(empty_shell, tmp_path: Path, github: str) -> None:
    """`--aws` keeps nothing here: it writes what `aws deploy` reads, for its owner alone, and says what to do."""
    pasting = Pasting(empty_shell, tmp_path, github, "--aws")
    code, _, complained = pasting.paste(pasting.make())
    assert code == 0, complained
    assert "battleshiper aws deploy" in complained
    key, settings = tmp_path / "github-app.pem", tmp_path / "github-app.env"
    assert [path.stat().st_mode & 0o777 for path in (key, settings)] == [0o600, 0o600]
    assert "PRIVATE KEY" in key.read_text()
    lines = dict(line.split("=", 1) for line in settings.read_text().splitlines())
    assert lines["BATTLESHIPER_GITHUB_PRIVATE_KEY_FILE"] == str(key)
    assert lines["BATTLESHIPER_GITHUB_APP_ID"].isdecimal()
    assert lines["BATTLESHIPER_GITHUB_WEBHOOK_SECRET"]
    assert read_kept_app(tmp_path / "data") is None
    code, _, complained = Pasting(empty_shell, tmp_path, github, "--aws").paste("")
    assert code == 1
    assert "is there already" in complained


def test_aws_without_a_domain(empty_shell) -> None:
    """The App has to know where the platform will be."""
    done = empty_shell.run("github", "create-app", "--aws")
    assert done.returncode == 1
    assert "BATTLESHIPER_PLATFORM_DOMAIN" in done.stderr


def test_doctor_without_a_network(empty_shell, tmp_path: Path) -> None:
    """That GitHub does not answer is a finding with what to do, and the rest is looked at all the same."""
    gone = "http://127.0.0.1:1"
    keep_app(tmp_path / "data", replace(APP, url=gone, api_url=f"{gone}/api/v3"))
    done = empty_shell.run("doctor", "--json")
    assert done.returncode == 1
    found = {each["name"]: each for each in json.loads(done.stdout)}
    assert (found["GitHub API"]["verdict"], found["App's keys"]["verdict"]) == ("bad", "good")
    assert "docs/troubleshooting.md" in found["GitHub API"]["remedy"]
    assert "data" in found
