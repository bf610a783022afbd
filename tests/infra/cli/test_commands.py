"""The command line: plain when piped, JSON when asked, one line and what to do when something is wrong."""

import json
import os
import socket
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from battleshiper.platform.model.access import Grant
from battleshiper.platform.model.delivery import Delivery
from battleshiper.platform.model.deployment import Commit, Environment, Origin, State
from battleshiper.platform.store.port import NewDeployment, NewProject


@pytest.mark.parametrize("command", ["projects", "deployments", "deliveries", "dead-letters"])
def test_empty_lists(shell, command: str) -> None:
    """On a new platform the lists are empty, as JSON too."""
    done = shell.run(command, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert isinstance(json.loads(done.stdout), list)
    assert shell.run(command).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("rollback", "nothing"), "There is no project 'nothing'"),
        (("redeploy", "nothing"), "There is no project 'nothing'"),
        (("promote", "nothing", "x"), "There is no project 'nothing'"),
        (("logs", "nothing"), "There is no deployment 'nothing'"),
        (("deployments", "nothing"), "There is no project 'nothing'"),
        (("projects", "add", "me/nothing", "docs"), "The App may not see a repository 'me/nothing'"),
        (("projects", "add", "me/nothing", "../docs"), "must be a path inside the repository"),
        (("projects", "delete", "nothing", "--yes"), "There is no project 'nothing'"),
        (("projects", "delete", "nothing"), "add --yes"),
        (("alias", "add", "nothing", "sale"), "There is no project 'nothing'"),
        (("hooks", "add", "nothing", "CMS"), "There is no project 'nothing'"),
        (("settings", "nothing"), "There is no project 'nothing'"),
        (("open", "nothing"), "There is no project 'nothing'"),
        (("open", "nothing", "--deployment", "x"), "There is no deployment 'x'"),
        (("dead-letters", "retry", "nothing"), "There is no dead letter 'nothing'"),
        (("dead-letters", "retry"), "its ID, or --all"),
        (("dead-letters", "retry", "nothing", "--all"), "its ID, or --all"),
    ],
)
def test_mistakes(shell, arguments: tuple[str, ...], said: str) -> None:
    """A mistake is one line on standard error, exit code 1, and no traceback."""
    done = shell.run(*arguments)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_what_a_project_is_told_and_holds(shell, books) -> None:
    """Each command says what it has done, in words and as JSON; what is undone is gone."""
    project = NewProject("p-pier", ("pier",), 1, 2, 79, "me/pier")
    books.store.accept(Delivery("d-pier", "installation", None, datetime.now(UTC), ()), projects=[project])

    def told(*arguments: str):
        done = shell.run(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    assert told("open", "pier")["url"].startswith("http://pier.localhost")
    assert told("open", "pier", "--dashboard")["url"].endswith("/projects/pier")
    assert told("alias", "add", "pier", "jetty", "--branch", "next")["branch"] == "next"
    assert [each["alias"] for each in told("alias", "list", "pier")] == ["jetty"]
    assert told("alias", "remove", "pier", "jetty")["alias"] == "jetty"
    made = told("hooks", "add", "pier", "Tides")
    assert "/hooks/p-pier_" not in shell.run("hooks", "list", "pier").stdout
    assert told("hooks", "remove", "pier", made["id"]) == {"id": made["id"]}
    assert told("hooks", "list", "pier") == told("alias", "list", "pier") == []
    assert told("settings", "pier", "--build-command", "make", "--previews", "none")["previews"] == "none"
    assert told("settings", "pier", "--reset", "previews")["previews"] == "all"
    assert "make" in shell.run("settings", "pier").stdout


def test_what_has_expired(shell, books) -> None:
    """It is listed as expired, without a link; who wants to show it again is told how."""
    project = NewProject("p-old", ("old-shop",), 1, 2, 77, "me/old-shop")
    books.store.accept(Delivery("d-old", "installation", None, datetime.now(UTC), ()), projects=[project])
    for id_ in ("x1", "x2"):
        new = NewDeployment(id_, "p-old", Commit("a" * 40, "main"), Environment.PRODUCTION, Origin.PUSH)
        made = books.store.advance(books.store.create_deployment(new), State.BUILDING)
        made = books.store.advance(made, State.DEPLOYING)
        own = f"old-shop-{id_}"
        books.store.go_live(made, own=own, moving=["old-shop"], url=f"http://{own}.localhost", function=None)
    books.store.expire(books.store.deployment("x1"), {"old-shop-x1"})
    listed = {line.split("\t")[0]: line.split("\t")[-1] for line in shell.run("deployments").stdout.splitlines()}
    assert (listed["x1"], listed["x2"]) == ("expired", "http://old-shop-x2.localhost")
    refused = shell.run("promote", "old-shop", "x1")
    assert refused.returncode == 1
    assert "`battleshiper redeploy old-shop x1`" in refused.stderr


def test_what_keeps_a_project_from_being_built(shell, books) -> None:
    """It is listed beside the state of the latest deployment."""
    project = NewProject("p-far", ("far-shop",), 9, 2, 78, "me/far-shop")
    books.store.accept(Delivery("d-far", "installation", None, datetime.now(UTC), ()), projects=[project])
    books.store.learn(grants=[Grant(78, 9, is_given=False, told_at=1)])
    books.store.follow("p-far")
    listed = {line.split("\t")[0]: line.split("\t")[2] for line in shell.run("projects").stdout.splitlines()}
    assert listed["far-shop"] == "no push yet, removed"
    assert all("removed" not in state for name, state in listed.items() if name != "far-shop")


def test_second_process(shell) -> None:
    """A second platform on the same data directory is refused, and told who is there."""
    done = shell.run("up")
    assert done.returncode == 1
    assert f"process {os.getpid()}" in done.stderr


def test_port_in_use(shell, tmp_path: Path) -> None:
    """A port that is taken is named, with the setting that changes it."""
    done = shell.run("up", BATTLESHIPER_DATA_DIR=str(tmp_path))
    assert done.returncode == 1
    assert "BATTLESHIPER_PORT" in done.stderr


def test_not_running(make_shell, tmp_path: Path) -> None:
    """Without a platform the commands say how to start one."""
    done = make_shell(tmp_path, 1).run("projects")
    assert done.returncode == 1
    assert "battleshiper up" in done.stderr


def test_wrong_settings(shell) -> None:
    """Every wrong setting is named at once."""
    done = shell.run(
        "projects", BATTLESHIPER_PORT="http", BATTLESHIPER_BASE_URL="example", BATTLESHIPER_GITHUB_APP_ID="1"
    )
    assert done.returncode == 1
    for name in ("BATTLESHIPER_PORT", "BATTLESHIPER_BASE_URL", "BATTLESHIPER_GITHUB_WEBHOOK_SECRET"):
        assert name in done.stderr


def test_doctor(shell) -> None:
    """The doctor looks at everything the platform needs, and its JSON says the same."""
    findings = json.loads(shell.run("doctor", "--json").stdout)
    assert {"git", "Node", "npm", "sandbox", "data", "port"} <= {finding["name"] for finding in findings}
    assert shell.run("doctor").stdout.count("git") >= 1


@pytest.mark.parametrize("folder", ["/proc/nowhere", "/dev/null/data"])
def test_data_directory_that_cannot_be_made(shell, folder: str) -> None:
    """A data directory that cannot be used is a mistake like others, and not a traceback."""
    done = shell.run("up", BATTLESHIPER_DATA_DIR=folder)
    assert done.returncode == 1
    assert folder in done.stderr
    assert "BATTLESHIPER_DATA_DIR" in done.stderr
    assert "Traceback" not in done.stderr


def test_up_as_json(make_shell, tmp_path: Path) -> None:
    """`up --json` says where everything is in one object, and goes on until it is stopped."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    shell = make_shell(tmp_path, port)
    environment = {**shell.environment, "BATTLESHIPER_STANDIN_PORT": "0"}
    with subprocess.Popen(shell.command("up", "--json"), env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = []
        while "}" not in lines[-1:]:
            lines.append(process.stdout.readline().rstrip("\n"))
            assert lines[-1] or process.poll() is None
        said = json.loads("".join(lines))
        assert (said["url"], said["data_dir"]) == (f"http://localhost:{port}", str(tmp_path))
        assert said["push_url"].startswith(said["standin_url"])
        assert process.poll() is None
        process.terminate()
        assert process.stdout.read() == ""
        assert process.wait(30) == 0
