"""Logging in: by a code that is entered at GitHub, by a token, and out again."""

import json
import stat
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

from battleshiper.infra.local.running import RunningPlatform


@pytest.fixture
def away(tmp_path: Path, make_shell, running: RunningPlatform):
    """A shell on another machine: it has the platform's address and nothing else."""
    return make_shell(tmp_path / "away", running.settings.port)


def enter(running: RunningPlatform, code: str, action: str = "authorize") -> None:
    """Enter a code at GitHub, as its owner."""
    url = running.github.url
    answer = {"user_code": code, "action": action, "login": "me"}
    httpx.post(f"{url}/login/device", data=answer, headers={"origin": url}, trust_env=False).raise_for_status()


def log_in(away, running: RunningPlatform, action: str = "authorize") -> subprocess.CompletedProcess[str]:
    """Type `battleshiper login` and enter the code that it prints."""
    command = [*away.command("login", running.base_url, "--json")]
    process = subprocess.Popen(command, env=away.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    lines = [process.stderr.readline().strip() for _ in range(2)]
    assert f"{running.github.url}/login/device" in lines[0]
    enter(running, lines[1], action)
    out, errors = process.communicate(timeout=60)
    return subprocess.CompletedProcess(command, process.returncode, out, errors)


def as_json(done: subprocess.CompletedProcess[str]) -> Any:
    """Return what a command printed."""
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_by_a_code(away, running: RunningPlatform) -> None:
    """Before it no platform is known; then every command is one's own, until `logout`."""
    assert "There is no platform" in away.run("projects").stderr
    assert as_json(log_in(away, running)) == {"url": running.base_url, "login": "me"}
    kept = Path(away.environment["BATTLESHIPER_DATA_DIR"]) / "secrets" / "login"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert as_json(away.run("projects", "--json")) == []
    refused = away.run("keys", "rotate")
    assert refused.returncode == 1
    assert "Only the operator's token opens this." in refused.stderr
    assert as_json(away.run("logout", "--json")) == {"logged_out": True}
    assert as_json(away.run("logout", "--json")) == {"logged_out": False}
    assert "There is no platform" in away.run("projects").stderr


def test_refused_at_github(away, running: RunningPlatform) -> None:
    """Nothing is kept, and GitHub's word is told."""
    done = log_in(away, running, "cancel")
    assert done.returncode == 1
    assert "access_denied" in done.stderr
    assert "There is no platform" in away.run("projects").stderr


def test_by_a_token(away, running: RunningPlatform) -> None:
    """One that was made elsewhere will do; what is none is not kept."""
    log_in(away, running)
    secrets = Path(away.environment["BATTLESHIPER_DATA_DIR"]) / "secrets"
    token = json.loads((secrets / "login").read_text())["token"]
    away.run("logout")
    command = away.command("login", running.base_url, "--with-token", "--json")
    for given, code in ((token, 0), ("nonsense", 1), ("", 1)):
        done = subprocess.run(
            command, input=f"{given}\n", env=away.environment, capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == code, done.stderr
        assert not given or given not in done.stdout + done.stderr
    assert as_json(away.run("projects", "--json")) == []


@pytest.mark.parametrize("address", ["ftp://ship.example", "nonsense", "http://127.0.0.1:9"])
def test_where_no_platform_is(away, address: str) -> None:
    """It is said, and what to do."""
    done = away.run("login", address)
    assert done.returncode == 1
    assert address in done.stderr
