"""Faults: a stand-in that misbehaves when told to."""

import time
from typing import Any

import httpx
import pytest


@pytest.fixture
def fail(standin: Any) -> Any:
    """Return what sets a fault."""

    def set_fault(match: str, **fault: object) -> httpx.Response:
        return httpx.post(f"{standin.url}/_standin/faults", json={"match": match, **fault})

    return set_fault


@pytest.fixture
def statuses(person: Any) -> str:
    """Return the path of the statuses of a commit."""
    sha = person.commit("a", "a")
    person.push("main")
    return f"/repos/me/site/statuses/{sha}"


def test_requests_fail_as_often_as_told(installation: Any, statuses: str, fail: Any) -> None:
    """And others do not."""
    fail("POST */statuses/*", status=502, times=2)
    url = f"{installation.standin.url}/api/v3{statuses}"
    headers = {"Authorization": f"Bearer {installation.token}"}
    codes = [httpx.post(url, json={"state": "success"}, headers=headers).status_code for _ in range(3)]
    assert codes == [502, 502, 201]
    assert installation.ask("GET", "/repos/me/site").status_code == 200


def test_an_answer_can_be_lost_after_the_work(installation: Any, statuses: str, fail: Any) -> None:
    """The worst case for a client: it was done, and nobody knows."""
    fail("POST */statuses/*", status=504, after=True)
    headers = {"Authorization": f"Bearer {installation.token}"}
    answer = httpx.post(f"{installation.standin.url}/api/v3{statuses}", json={"state": "success"}, headers=headers)
    assert answer.status_code == 504
    assert len(installation.get(statuses.replace("/statuses/", "/commits/") + "/statuses")) == 1


def test_rate_limits_can_be_hit(installation: Any, statuses: str, fail: Any) -> None:
    """Both of GitHub's, each with the headers that tell when to come back."""
    fail("GET /api/v3/*", rate_limit="primary", retry_after=7)
    answer = installation.ask("GET", "/repos/me/site")
    assert (answer.status_code, answer.headers["x-ratelimit-remaining"]) == (403, "0")
    assert 0 < int(answer.headers["x-ratelimit-reset"]) - time.time() <= 7
    fail("GET /api/v3/*", rate_limit="secondary", status=429, retry_after=3)
    answer = installation.ask("GET", "/repos/me/site")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "3")
    assert installation.ask("GET", "/repos/me/site").status_code == 200


def test_answers_can_be_slow(installation: Any, statuses: str, fail: Any) -> None:
    """A client that waits less than the delay gives up."""
    fail("GET /api/v3/repos/me/site", delay_ms=500)
    headers = {"Authorization": f"Bearer {installation.token}"}
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(f"{installation.standin.url}/api/v3/repos/me/site", headers=headers, timeout=0.1)
    assert installation.ask("GET", "/repos/me/site").status_code == 200


def test_git_can_fail_too(person: Any, statuses: str, fail: Any, installation: Any) -> None:
    """Fetches go wrong like any other request."""
    fail("GET /me/site.git/*", status=503)
    remote = person.remote(installation.token)
    assert "503" in person.git("ls-remote", remote, check=False)
    assert "refs/heads/main" in person.git("ls-remote", remote)


def test_faults_are_listed_and_cleared(standin: Any, fail: Any) -> None:
    """What is still to come can be seen and called off."""
    fail("GET *", status=500)
    url = f"{standin.url}/_standin/faults"
    assert [fault["match"] for fault in httpx.get(url).json()] == ["GET *"]
    assert httpx.delete(url).json() == []
    assert httpx.get(f"{standin.url}/").status_code == 200


def test_bad_faults_are_refused(fail: Any) -> None:
    """With a reason."""
    bad: list[dict[str, Any]] = [
        {"status": 200},
        {"status": "500"},
        {"times": -1},
        {"rate_limit": "third"},
        {"no": 1},
        {"match": 5},
    ]
    for fault in [*bad, {"match": 5}]:
        answer = fail(**{"match": "GET *", **fault})
        assert answer.status_code == 422, fault
        assert answer.json()["message"]
