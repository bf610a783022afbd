"""What an App reports over the API: commit statuses and deployments."""

from typing import Any

import pytest


@pytest.fixture
def sha(person: Any) -> str:
    """Return the commit at the head of main."""
    sha = person.commit("a", "a")
    person.push("main")
    return sha


def test_statuses_add_up(installation: Any, sha: str) -> None:
    """The newest of each context counts, and the combined state stands for all of them."""
    path = f"/repos/me/site/commits/{sha}"
    assert installation.get(f"{path}/status")["state"] == "pending"
    made = installation.post(f"/repos/me/site/statuses/{sha}", {"state": "pending", "context": "battleshiper/site"})
    assert (made["creator"]["login"], made["creator"]["type"]) == ("battleshiper[bot]", "Bot")
    assert made["description"] is None
    body = {"state": "success", "context": "battleshiper/site", "description": "x" * 140, "target_url": "http://a.b/"}
    installation.post(f"/repos/me/site/statuses/{sha}", body)
    combined = installation.get(f"{path}/status")
    assert (combined["state"], combined["total_count"]) == ("success", 1)
    installation.post(f"/repos/me/site/statuses/{sha}", {"state": "error"})
    combined = installation.get(f"{path}/status")
    assert (combined["state"], combined["total_count"]) == ("failure", 2)
    assert [one["context"] for one in installation.get(f"{path}/statuses")] == [
        "default",
        "battleshiper/site",
        "battleshiper/site",
    ]
    assert installation.get("/repos/me/site/commits/main/status")["sha"] == sha


BAD_STATUSES = [
    ({"state": "done"}, "state"),
    ({}, "state"),
    ({"state": 1}, "state"),
    ({"state": "success", "description": "x" * 141}, "description"),
    ({"state": "success", "context": 5}, "context"),
    ({"state": "success", "target_url": "javascript:alert(1)"}, "target_url"),
    ({"state": "success", "target_url": "http://[x"}, "target_url"),
]


def test_bad_statuses_are_refused(installation: Any, sha: str) -> None:
    """The error names the field."""
    for body, field in BAD_STATUSES:
        answer = installation.ask("POST", f"/repos/me/site/statuses/{sha}", body)
        assert answer.status_code == 422, body
        assert answer.json()["errors"][0]["field"] == field


def test_statuses_are_for_commits_that_are_there(installation: Any, sha: str) -> None:
    """A hash that nobody pushed gets none."""
    answer = installation.ask("POST", f"/repos/me/site/statuses/{'b' * 40}", {"state": "success"})
    assert answer.status_code == 422
    assert "No commit found" in answer.json()["message"]


def test_a_context_is_full_after_a_thousand(installation: Any, sha: str, standin: Any) -> None:
    """GitHub takes a thousand statuses of one commit and context, and so do we; another context is free."""
    import sqlite3

    number = installation.get("/repos/me/site")["id"]
    with sqlite3.connect(standin.data_dir / "github.db") as database:
        row = (number, sha, "pending", "full", "battleshiper[bot]", "2026-01-01T00:00:00Z")
        query = (
            "INSERT INTO statuses (repository_id, sha, state, context, creator, created_at) VALUES (?, ?, ?, ?, ?, ?)"
        )
        database.executemany(query, [row] * 1000)
    database.close()
    answer = installation.ask("POST", f"/repos/me/site/statuses/{sha}", {"state": "success", "context": "full"})
    assert answer.status_code == 422
    installation.post(f"/repos/me/site/statuses/{sha}", {"state": "success", "context": "free"})


def test_reporting_needs_the_permission(make_installation: Any, sha: str) -> None:
    """To read is not to write, and one permission is not the other."""
    reader = make_installation(permissions={"statuses": "read", "deployments": "write"})
    assert reader.ask("GET", f"/repos/me/site/commits/{sha}/statuses").status_code == 200
    assert reader.ask("POST", f"/repos/me/site/statuses/{sha}", {"state": "success"}).status_code == 403
    writer = make_installation(permissions={"statuses": "write"})
    assert writer.ask("POST", "/repos/me/site/deployments", {"ref": "main"}).status_code == 403


def deploy(installation: Any, **more: object) -> Any:
    """Create a deployment of main that waits for nothing."""
    return installation.post("/repos/me/site/deployments", {"ref": "main", "required_contexts": [], **more})


def test_a_deployment_is_reported_step_by_step(installation: Any, sha: str) -> None:
    """From its creation to the address of what was deployed."""
    made = deploy(installation, auto_merge=False, payload={"id": "x"}, description="Production")
    assert (made["sha"], made["ref"], made["environment"], made["task"]) == (sha, "main", "production", "deploy")
    assert (made["production_environment"], made["transient_environment"]) == (True, False)
    path = f"/repos/me/site/deployments/{made['id']}"
    for state in ("queued", "in_progress"):
        installation.post(f"{path}/statuses", {"state": state, "log_url": "http://logs.invalid/1"})
    done = {"state": "success", "environment_url": "http://site.localhost/", "log_url": "http://logs.invalid/1"}
    status = installation.post(f"{path}/statuses", done)
    assert (status["environment"], status["environment_url"]) == ("production", "http://site.localhost/")
    assert status["target_url"] == status["log_url"] == "http://logs.invalid/1"
    states = [one["state"] for one in installation.get(f"{path}/statuses")]
    assert states == ["success", "in_progress", "queued"]
    assert installation.get(path)["payload"] == {"id": "x"}


def test_deployments_are_listed_by_what_is_asked(installation: Any, sha: str, person: Any) -> None:
    """By environment, ref, task and commit, newest first."""
    person.push("main:topic")
    deploy(installation)
    deploy(installation, ref="topic", environment="preview", transient_environment=True, task="look")
    path = "/repos/me/site/deployments"
    assert [one["environment"] for one in installation.get(path)] == ["preview", "production"]
    assert [one["ref"] for one in installation.get(path, environment="preview")] == ["topic"]
    assert [one["task"] for one in installation.get(path, ref="topic")] == ["look"]
    assert len(installation.get(path, sha=sha)) == 2
    assert installation.get(path, task="none") == installation.get(path)
    assert installation.get(path, environment="elsewhere") == []


def test_success_ends_the_older_deployments_of_its_environment(installation: Any, sha: str) -> None:
    """Unless they are transient or in production, or `auto_inactive` says otherwise."""
    first, second, third = (deploy(installation, environment="staging") for _ in range(3))
    brief = deploy(installation, environment="staging", transient_environment=True)
    last = deploy(installation, environment="staging")

    def succeed(deployment: Any, **more: object) -> None:
        installation.post(f"/repos/me/site/deployments/{deployment['id']}/statuses", {"state": "success", **more})

    def state(deployment: Any) -> str:
        return str(installation.get(f"/repos/me/site/deployments/{deployment['id']}/statuses")[0]["state"])

    succeed(first)
    succeed(second, auto_inactive=False)
    assert state(first) == "success"
    succeed(third)
    assert (state(first), state(second), state(third)) == ("inactive", "inactive", "success")
    succeed(brief)
    succeed(last)
    assert (state(brief), state(third), state(last)) == ("success", "inactive", "success")


def test_required_contexts_must_have_succeeded(installation: Any, sha: str) -> None:
    """All contexts by default, the named ones, or none."""
    installation.post(f"/repos/me/site/statuses/{sha}", {"state": "pending", "context": "ci"})
    path = "/repos/me/site/deployments"
    refused = installation.ask("POST", path, {"ref": "main"})
    assert refused.status_code == 409
    assert refused.json()["errors"][0]["contexts"] == [{"context": "ci", "state": "pending"}]
    assert installation.ask("POST", path, {"ref": "main", "required_contexts": ["other"]}).status_code == 409
    installation.post(path, {"ref": "main", "required_contexts": []})
    installation.post(f"/repos/me/site/statuses/{sha}", {"state": "success", "context": "ci"})
    installation.post(path, {"ref": "main"})


def test_a_branch_that_is_behind_is_not_deployed_by_mistake(installation: Any, sha: str, person: Any) -> None:
    """With `auto_merge`, which is the default, GitHub wants to merge first; an App says false."""
    person.push("main:topic")
    person.commit("b", "b")
    person.push("main")
    path = "/repos/me/site/deployments"
    assert installation.ask("POST", path, {"ref": "topic", "required_contexts": []}).status_code == 409
    deploy(installation, ref="topic", auto_merge=False)
    deploy(installation, ref=sha)


BAD_DEPLOYMENTS = [
    {"ref": "none"},
    {},
    {"ref": "main", "description": "x" * 141},
    {"ref": "main", "payload": 3},
    {"ref": "main", "required_contexts": "ci"},
    {"ref": "main", "auto_merge": "no"},
    {"ref": 5},
]


def test_bad_deployments_are_refused(installation: Any, sha: str) -> None:
    """Nothing comes of them."""
    for body in BAD_DEPLOYMENTS:
        assert installation.ask("POST", "/repos/me/site/deployments", body).status_code == 422, body
    assert installation.get("/repos/me/site/deployments") == []


def test_deployments_that_are_over_can_be_deleted(installation: Any, sha: str) -> None:
    """An active one only when it is the last."""
    first, second = deploy(installation), deploy(installation)
    path = f"/repos/me/site/deployments/{first['id']}"
    assert installation.ask("DELETE", path).status_code == 422
    installation.post(f"{path}/statuses", {"state": "inactive"})
    assert installation.ask("DELETE", path).status_code == 204
    assert installation.ask("GET", path).status_code == 404
    assert installation.ask("DELETE", f"/repos/me/site/deployments/{second['id']}").status_code == 204
    bad = installation.ask("POST", "/repos/me/site/deployments/77/statuses", {"state": "success"})
    assert bad.status_code == 404
