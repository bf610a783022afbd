"""Deliveries: how events reach the webhook, and what the App can find out about it afterwards."""

import json
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from battleshiper.infra.local.github.events import courier

DELIVERIES = "/app/hook/deliveries"


def push(person: Any, text: str = "a") -> str:
    """Push a commit to main."""
    sha = person.commit("a", text)
    person.push("main")
    return str(sha)


def wait_for_tries(app: Any, count: int) -> list[Any]:
    """Return the attempts when there are `count`, newest first."""
    from time import monotonic, sleep

    end = monotonic() + 20
    while len(found := app.get(DELIVERIES)) < count:
        assert monotonic() < end
        sleep(0.02)
    return list(found)


def test_each_attempt_is_recorded(app: Any, person: Any, hook: Any) -> None:
    """With what was sent and what came back."""
    push(person)
    listed = wait_for_tries(app, 5)[0]
    assert (listed["event"], listed["status"], listed["status_code"]) == ("push", "OK", 202)
    assert (listed["redelivery"], listed["repository_id"], listed["installation_id"]) == (False, 8001, 5001)
    whole = app.get(f"{DELIVERIES}/{listed['id']}")
    assert whole["request"]["payload"]["ref"] == "refs/heads/main"
    assert whole["request"]["headers"]["X-GitHub-Delivery"] == listed["guid"]
    assert whole["response"]["payload"] == "ok"
    assert whole["url"] == hook.url
    assert app.ask("GET", f"{DELIVERIES}/999").status_code == 404


def test_failures_are_not_repeated_but_can_be_redelivered(app: Any, person: Any, hook: Any) -> None:
    """GitHub tries once; a redelivery has the old guid and the old body, and is an attempt of its own."""
    wait_for_tries(app, 2)
    hook.status = 503
    push(person)
    failed = wait_for_tries(app, 5)[0]
    assert (failed["status"], failed["status_code"]) == ("Invalid HTTP Response: 503", 503)
    hook.status = 200
    assert len(hook.of("push")) == 1
    assert app.ask("POST", f"{DELIVERIES}/{failed['id']}/attempts").status_code == 202
    first, second = hook.wait("push", 2)
    assert second.headers["x-github-delivery"] == first.headers["x-github-delivery"] == failed["guid"]
    assert second.body == first.body
    again = wait_for_tries(app, 6)[0]
    assert (again["redelivery"], again["guid"], again["status_code"]) == (True, failed["guid"], 200)
    assert app.ask("POST", f"{DELIVERIES}/999/attempts").status_code == 404


def test_attempts_are_listed_in_pages_and_by_their_end(app: Any, person: Any, hook: Any) -> None:
    """A cursor leads on, as numbers of pages would shift while new ones come in."""
    wait_for_tries(app, 2)
    hook.status = 500
    push(person)
    wait_for_tries(app, 5)
    answer = app.ask("GET", DELIVERIES, per_page=3)
    ids = [one["id"] for one in answer.json()]
    assert ids == [5, 4, 3]
    assert answer.headers["link"].endswith('cursor=v1_3>; rel="next"')
    rest = app.ask("GET", DELIVERIES, per_page=3, cursor="v1_3")
    assert [one["id"] for one in rest.json()] == [2, 1]
    assert "link" not in rest.headers
    assert [one["event"] for one in app.get(DELIVERIES, status="success")] == ["installation", "ping"]
    assert len(app.get(DELIVERIES, status="failure")) == 3
    assert app.ask("GET", DELIVERIES, cursor="x").status_code == 400
    assert app.ask("GET", DELIVERIES, status="maybe").status_code == 422


def test_a_webhook_that_hangs_times_out(app: Any, person: Any, hook: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """GitHub waits ten seconds; the test waits less."""
    wait_for_tries(app, 2)
    assert courier.TIMEOUT == 10
    monkeypatch.setattr(courier, "TIMEOUT", 0.1)
    hook.delay = 0.5
    push(person)
    timed_out = wait_for_tries(app, 3)[0]
    assert (timed_out["status"], timed_out["status_code"]) == ("timed out", 0)


def test_a_webhook_that_is_down_fails_the_delivery(make_standin: Callable[..., Any], hook: Any, openapi: Any) -> None:
    """After its patience at the start, the stand-in records that nobody was there and goes on."""
    hook.close()
    standin = make_standin(webhook_patience=0.1)
    with sqlite3.connect(standin.data_dir / "github.db") as database:
        from time import monotonic, sleep

        end = monotonic() + 20
        query = "SELECT status FROM deliveries WHERE delivered_at IS NOT NULL"
        while len(rows := database.execute(query).fetchall()) < 2:
            assert monotonic() < end
            sleep(0.02)
    database.close()
    assert set(rows) == {("failed to connect to host",)}


def test_what_was_not_tried_is_tried_after_the_next_start(standin: Any, person: Any, hook: Any) -> None:
    """Nothing is lost between an event and its first attempt, and the installation is told of only once."""
    push(person)
    hook.wait("push")
    standin.stop()
    with sqlite3.connect(standin.data_dir / "github.db") as database:
        database.execute("UPDATE deliveries SET delivered_at = NULL WHERE event = 'push'")
    database.close()
    standin.start()
    first, second = hook.wait("push", 2)
    assert first.headers["x-github-delivery"] == second.headers["x-github-delivery"]
    assert len(hook.of("installation")) == len(hook.of("ping")) == 1


def test_deliveries_are_kept_for_three_days(standin: Any, app: Any, hook: Any) -> None:
    """As long as GitHub delivers them again."""
    wait_for_tries(app, 2)
    standin.stop()
    with sqlite3.connect(standin.data_dir / "github.db") as database:
        database.execute("UPDATE deliveries SET delivered_at = '2020-01-01T00:00:00Z' WHERE event = 'ping'")
    database.close()
    standin.start()
    assert [one["event"] for one in app.get(DELIVERIES)] == ["installation"]


def test_everything_is_there_after_a_restart(standin: Any, person: Any, installation: Any) -> None:
    """Repositories, tokens, statuses, deployments and pull requests survive."""
    sha = push(person)
    person.push("main:topic")
    installation.post(f"/repos/me/site/statuses/{sha}", {"state": "success"})
    installation.post("/repos/me/site/deployments", {"ref": "main"})
    before = [installation.get(path) for path in ("/repos/me/site", "/repos/me/site/deployments")]
    token = standin.personal_token
    standin.stop()
    standin.start()
    assert standin.personal_token == token
    assert [installation.get(path) for path in ("/repos/me/site", "/repos/me/site/deployments")] == before
    assert installation.get(f"/repos/me/site/commits/{sha}/status")["state"] == "success"
    push(person, "b")
    assert len(installation.get("/repos/me/site/commits")) == 2


def test_an_app_hears_only_what_it_subscribed_to(make_standin: Callable[..., Any], hook: Any, tmp_path: Any) -> None:
    """But of its installation always."""
    import subprocess

    standin = make_standin(events=("pull_request",))
    subprocess.run(["git", "init", "--quiet", "-b", "main", "work"], cwd=tmp_path, check=True)
    work = tmp_path / "work"
    identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    subprocess.run(["git", *identity, "commit", "--quiet", "--allow-empty", "-m", "x"], cwd=work, check=True)
    subprocess.run(["git", "push", "--quiet", f"{standin.url}/me/site.git", "main"], cwd=work, check=True)
    hook.wait("installation_repositories")
    assert [received.event for received in hook.received] == ["ping", "installation", "installation_repositories"]
    assert json.loads(hook.received[1].body)["installation"]["events"] == ["pull_request"]
