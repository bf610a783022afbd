"""A platform that runs notices the App that is made for it."""

import json
import socket
import subprocess
from dataclasses import replace
from pathlib import Path
from threading import Event, Timer

import pytest

from battleshiper.infra.cli import app_watch
from battleshiper.infra.cli.app_watch import AppWatch
from battleshiper.infra.local.kept_app import KeptApp, keep_app, kept_app_path
from battleshiper.infra.local.settings import read_settings
from battleshiper.platform.tickets.keys import KeyRing

GITHUB = "http://127.0.0.1:1"
APP = KeptApp(7, "ship", "Ship", "me", f"{GITHUB}/apps/ship", "Iv1", GITHUB, f"{GITHUB}/api/v3", "c", "w",
              KeyRing.new().private_pem)  # fmt: skip


@pytest.fixture
def watch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppWatch:
    """A watch over a platform without an App, that looks often."""
    monkeypatch.setattr(app_watch, "_SECONDS", 0.01)
    monkeypatch.setenv("BATTLESHIPER_DATA_DIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return AppWatch(read_settings({"BATTLESHIPER_DATA_DIR": str(tmp_path)}))


def test_an_app_that_is_made(watch: AppWatch, tmp_path: Path) -> None:
    """The settings with it are returned at once, and again for one that takes its place."""
    stop = Event()
    Timer(0.05, keep_app, [tmp_path, APP]).start()
    settings = watch.wait(stop)
    assert settings is not None
    assert settings.github is not None
    assert settings.github.app_id == 7
    again = AppWatch(settings)
    Timer(0.05, lambda: keep_app(tmp_path, replace(APP, app_id=8), replace=True)).start()
    settings = again.wait(stop)
    assert settings is not None
    assert settings.github is not None
    assert settings.github.app_id == 8


def test_what_is_no_news(watch: AppWatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The App that is there already, and a file that cannot be read, start nothing; the latter is told."""
    keep_app(tmp_path, APP)
    there = AppWatch(read_settings({"BATTLESHIPER_DATA_DIR": str(tmp_path)}))
    stop = Event()
    Timer(0.1, stop.set).start()
    assert there.wait(stop) is None
    kept_app_path(tmp_path).write_text("{")
    stop.clear()
    Timer(0.1, stop.set).start()
    assert watch.wait(stop) is None
    assert "not as it was written" in capsys.readouterr().err


def test_up_goes_on_with_it(make_shell, tmp_path: Path) -> None:
    """`up` starts again by itself: GitHub in place of the stand-in, at the same address, and no link any more."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        shell = make_shell(tmp_path, free.getsockname()[1])
    environment = {**shell.environment, "BATTLESHIPER_STANDIN_PORT": "0"}
    with subprocess.Popen(shell.command("up", "--json"), env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None

        def said() -> dict[str, object]:
            assert process.stdout is not None
            lines: list[str] = []
            while "}" not in lines[-1:]:
                lines.append(process.stdout.readline().rstrip("\n"))
                assert lines[-1] or process.poll() is None
            found: dict[str, object] = json.loads("".join(lines))
            return found

        first = said()
        assert str(first["connect_url"]).startswith(f"{first['url']}/connect?key=")
        keep_app(tmp_path, APP)
        second = said()
        assert (second["url"], second["github_url"]) == (first["url"], GITHUB)
        assert (second["standin_url"], second["connect_url"]) == (None, None)
        process.terminate()
        assert process.wait(30) == 0
