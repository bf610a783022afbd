"""Commands that keep the platform well: delete a project, dead letters, keys, routes."""

import json
import os
import subprocess
from datetime import UTC, datetime
from time import monotonic, sleep

import pytest

from battleshiper.platform.bus.sqlite import queue
from battleshiper.platform.database.moment import to_microseconds
from battleshiper.platform.model.delivery import Delivery
from battleshiper.platform.model.event import Event, EventType
from battleshiper.platform.store.port import NewProject

REFUSED = Event(EventType.DELETE, {"project": "p1", "ticket": "not a ticket"}, id="e1")


@pytest.fixture
def project(books) -> str:
    """The name of a project that nothing was deployed of."""
    new = NewProject("p1", ("shop",), 1, 1, 1, "octo/shop")
    books.store.accept(Delivery(f"d{monotonic()}", "push", None, datetime.now(UTC), ()), projects=[new])
    return "shop"


@pytest.fixture
def dead_letter(books) -> str:
    """The id of an event that was given up."""

    now = to_microseconds(datetime.now(UTC))

    def bury(connection) -> None:
        queue.put(connection, [REFUSED], now)
        (queued,) = [each for each in queue.upcoming(connection, REFUSED.type, 9) if each.event.id == REFUSED.id]
        queue.bury(connection, queued, 10, "OSError: [red]No space left[/red]\nTraceback", now)

    books.database.write(bury)
    return REFUSED.id


def wait_until(is_so) -> None:
    deadline = monotonic() + 20
    while not is_so():
        assert monotonic() < deadline, "it did not happen in 20 seconds"
        sleep(0.02)


def test_delete_in_a_script(shell, books, project: str) -> None:
    """With `--yes` a project is deleted without a question."""
    done = shell.run("projects", "delete", project, "--yes", "--json")
    assert (done.returncode, json.loads(done.stdout)) == (0, {"deleting": "shop"})
    wait_until(lambda: books.store.projects() == [])


def test_delete_without_anybody_there(shell, books, project: str) -> None:
    """Where nobody can be asked and nothing was said, nothing is deleted."""
    done = shell.run("projects", "delete", project)
    assert done.returncode == 1
    assert "--yes" in done.stderr
    assert [each.name for each in books.store.projects()] == [project]


@pytest.mark.parametrize(("typed", "code"), [("shop", 0), ("shoppe", 1), ("y", 1), ("", 1)])
def test_delete_by_a_person(shell, books, project: str, typed: str, code: int) -> None:
    """A person types the project's name; anything else deletes nothing."""
    terminal, stdin = os.openpty()
    try:
        command = shell.command("projects", "delete", project)
        with subprocess.Popen(
            command, env=shell.environment, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            os.write(terminal, f"{typed}\n".encode())
            _, said = process.communicate(timeout=60)
    finally:
        os.close(terminal)
        os.close(stdin)
    assert process.returncode == code
    assert "octo/shop" in said
    if code == 0:
        wait_until(lambda: books.store.projects() == [])
    else:
        assert "Nothing was deleted" in said
        assert [each.name for each in books.store.projects()] == [project]


def test_dead_letters(shell, dead_letter: str) -> None:
    """Each is one line with what it was and why it died, as it is; JSON says the same, and doctor mentions them."""
    (line,) = shell.run("dead-letters").stdout.splitlines()
    assert line.split("\t")[:5] == ["e1", "battleshiper.delete", "p1", "10", "OSError: [red]No space left[/red]"]
    (letter,) = json.loads(shell.run("dead-letters", "--json").stdout)
    assert (letter["id"], letter["attempts"]) == (dead_letter, 10)
    assert "1 event could not be handled" in shell.run("doctor").stdout


@pytest.mark.parametrize("which", [("e1",), ("--all",)])
def test_dead_letters_again(shell, books, dead_letter: str, which: tuple[str, ...]) -> None:
    """One or all are handled again; what is refused then is back among them after one attempt."""
    done = shell.run("dead-letters", "retry", *which, "--json")
    assert json.loads(done.stdout) == {"retried": [dead_letter]}
    wait_until(lambda: [letter.attempts for letter in books.bus.dead_letters()] == [1])


def test_keys(shell) -> None:
    """A fresh key signs, and the one before is good for a day."""
    first = json.loads(shell.run("keys", "rotate", "--json").stdout)
    second = shell.run("keys", "rotate").stdout
    assert first["signing"] in second
    assert len(second.splitlines()) == len(first["verifying"]) + 2


@pytest.mark.parametrize(("mode", "verdict"), [(0o600, "good"), (0o644, "weak")])
def test_settings_that_others_read(shell, tmp_path, mode: int, verdict: str) -> None:
    """A file of settings, which hold a secret, is warned of when others may read it."""
    (tmp_path / ".env").write_text("BATTLESHIPER_CONCURRENT_BUILDS=1\n")
    (tmp_path / ".env").chmod(mode)
    command = shell.command("doctor", "--json")
    done = subprocess.run(
        command, env=shell.environment, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert {each["name"]: each["verdict"] for each in json.loads(done.stdout)}[".env"] == verdict


def test_repair(shell, make_shell, tmp_path) -> None:
    """The doctor has the routes made again; where no platform runs it says so."""
    findings = json.loads(shell.run("doctor", "--repair", "--json").stdout)
    assert findings[0]["name"] == "routes"
    done = make_shell(tmp_path, 1).run("doctor", "--repair")
    assert done.returncode == 1
    assert "battleshiper up" in done.stderr
