"""The pages: what a person sees of pushes, checks, deployments and pull requests."""

import re
from typing import Any

import httpx
import pytest

HOSTILE = "<script>alert('x')</script> & \"more\""


@pytest.fixture
def see(standin: Any) -> Any:
    """Return what reads a page."""

    def read(path: str, status: int = 200) -> str:
        answer = httpx.get(f"{standin.url}{path}")
        assert answer.status_code == status, answer.text
        return answer.text

    return read


@pytest.fixture
def send(standin: Any) -> Any:
    """Return what sends a form and follows to the page it leads to."""

    def post(path: str, **fields: str) -> httpx.Response:
        return httpx.post(f"{standin.url}{path}", data=fields, follow_redirects=True)

    return post


def test_an_empty_standin_says_what_to_do(see: Any, standin: Any) -> None:
    """The exact commands to push, with the present address."""
    assert f"git remote add standin {standin.url}/me/" in see("/")


def test_a_repository_shows_commits_checks_and_deployments(see: Any, person: Any, installation: Any) -> None:
    """Each commit with its mark, what the checks say, and a link to what was deployed."""
    sha = person.commit("a", "a", "Set sail")
    person.push("main")
    assert "Set sail" in see("/me/site")
    body = {
        "state": "pending",
        "context": "battleshiper/site",
        "description": "Building",
        "target_url": "http://log.localhost/",
    }
    installation.post(f"/repos/me/site/statuses/{sha}", body)
    page = see("/me/site")
    assert 'aria-label="pending"' in page
    assert 'http-equiv="refresh"' in page
    installation.post(f"/repos/me/site/statuses/{sha}", {**body, "state": "success", "description": "Ready"})
    made = installation.post("/repos/me/site/deployments", {"ref": "main", "required_contexts": []})
    status = {"state": "success", "environment_url": "http://site.localhost:1/", "log_url": "http://log.localhost/"}
    installation.post(f"/repos/me/site/deployments/{made['id']}/statuses", status)
    for path in ("/me/site", f"/me/site/commit/{sha}", "/me/site/deployments"):
        page = see(path)
        assert re.search(r'href="http://site.localhost:1/"[^>]*>View deployment', page)
        assert 'http-equiv="refresh"' not in page
    page = see(f"/me/site/commit/{sha}")
    assert "battleshiper/site" in page
    assert "Ready" in page
    assert 'href="http://log.localhost/"' in page
    assert "Set sail" in see("/")


def test_hostile_names_are_shown_as_text(see: Any, person: Any, installation: Any) -> None:
    """In messages, branches, paths, contexts, descriptions, environments, titles and comments."""
    person.git("config", "user.name", "x")
    sha = person.commit("<b>path", "a", HOSTILE)
    person.push("main", "main:refs/heads/<script>alert(1)</script>")
    person.git("checkout", "--quiet", "-b", "topic")
    person.commit("c", "c", HOSTILE)
    person.push("topic")
    body = {"state": "failure", "context": HOSTILE, "description": HOSTILE, "target_url": 'http://a.b/"><script>'}
    installation.post(f"/repos/me/site/statuses/{sha}", body)
    installation.post("/repos/me/site/deployments", {"ref": "main", "required_contexts": [], "environment": HOSTILE})
    installation.post("/repos/me/site/pulls", {"title": HOSTILE, "body": HOSTILE, "head": "topic", "base": "main"})
    installation.post("/repos/me/site/issues/1/comments", {"body": HOSTILE + "\n\n[x](javascript:alert(1))"})
    paths = ["/", "/me/site", f"/me/site/commit/{sha}", "/me/site/deployments", "/me/site/pulls", "/me/site/pull/1"]
    for path in [*paths, "/me/site/tree/%3Cscript%3Ealert(1)%3C/script%3E", "/me/site/compare/topic"]:
        page = see(path).replace('<script type="module" src="/_standin/live.js">', "")
        assert "<script" not in page.lower()
        assert "<b>path" not in page
        assert 'href="javascript' not in page


def test_a_pull_request_is_made_talked_about_and_merged(
    see: Any, send: Any, person: Any, hook: Any, installation: Any
) -> None:
    """All from the pages; the App hears of each step."""
    person.commit("a", "a")
    person.push("main")
    person.git("checkout", "--quiet", "-b", "feat/x")
    head = person.commit("b", "b", "Add b")
    person.push("feat/x")
    assert "Add b" in see("/me/site/compare/feat/x")
    made = send("/me/site/pulls", head="feat/x", base="main", title="Add b", body="Because **so**")
    assert made.url.path == "/me/site/pull/1"
    assert "<strong>so</strong>" in made.text
    said = send("/me/site/pull/1", action="comment", body="/redeploy\r\n<!-- hidden -->")
    assert "/redeploy" in said.text
    assert "hidden" not in said.text
    assert hook.wait("issue_comment")[0].payload["comment"]["body"] == "/redeploy\n<!-- hidden -->"
    send("/me/site/pull/1", action="close")
    send("/me/site/pull/1", action="reopen")
    merged = send("/me/site/pull/1", action="merge")
    assert "Merged" in merged.text
    actions = [received.payload["action"] for received in hook.wait("pull_request", 4)]
    assert actions == ["opened", "closed", "reopened", "closed"]
    merge = hook.wait("push", 3)[2].payload
    assert (merge["ref"], merge["head_commit"]["message"].split("\n")[0]) == (
        "refs/heads/main",
        "Merge pull request #1 from me/feat/x",
    )
    parents = [one["sha"] for one in installation.get(f"/repos/me/site/commits/{merge['after']}")["parents"]]
    assert parents == [merge["before"], head]
    send("/me/site/pull/1", action="merge")
    assert len(hook.of("push")) == 3


def test_a_pull_request_shows_what_people_and_bots_say(
    see: Any, person: Any, owner: Any, standin: Any, installation: Any
) -> None:
    """Who said it, folds, tables and reactions; marks of bots stay hidden."""
    person.commit("a", "a")
    person.push("main")
    person.git("checkout", "--quiet", "-b", "topic")
    sha = person.commit("b", "b")
    person.push("topic")
    number = owner.open_pull("me/site", "topic", draft=True)
    assert '<span class="badge draft">Draft' in see(f"/me/site/pull/{number}")
    owner.set_draft("me/site", number, draft=False)
    assert '<span class="badge open">Open' in see(f"/me/site/pull/{number}")
    ada = type(owner).other(standin.url, "ada")
    owner.grant("me/site", "ada", "read")
    asked = ada.comment("me/site", number, "/deploy")
    table = "| a | b |\n|---|---|\n| c | d |"
    body = f"<!-- mark -->\n{table}\n\n<details>\n<summary>Log</summary>\n\n```\nx\n```\n\n</details>"
    installation.post(f"/repos/me/site/issues/{number}/comments", {"body": body})
    installation.post(f"/repos/me/site/issues/comments/{asked}/reactions", {"content": "eyes"})
    owner.react("me/site", asked, "eyes")
    new = {"ref": sha, "required_contexts": [], "auto_merge": False, "transient_environment": True}
    made = installation.post("/repos/me/site/deployments", {**new, "environment": "preview"})
    statuses = f"/repos/me/site/deployments/{made['id']}/statuses"
    installation.post(statuses, {"state": "success", "environment_url": "http://preview.localhost/"})
    page = see(f"/me/site/pull/{number}")
    for shown in (
        "<strong>ada</strong>",
        'aria-label="eyes"',
        "<summary>Log</summary>",
        "<td>c</td>",
        "http://preview.localhost/",
    ):
        assert shown in page
    assert "battleshiper[bot], me reacted with eyes" in page
    assert installation.post(f"/repos/me/site/issues/comments/{asked}/reactions", {"content": "rocket"})
    assert "rocket 1" in see(f"/me/site/pull/{number}")
    assert "mark --" not in page
    installation.post(statuses, {"state": "inactive"})
    page = see(f"/me/site/pull/{number}")
    assert "destroyed" in page
    assert "http://preview.localhost/" not in page


def test_what_cannot_be_done_is_said(see: Any, send: Any, person: Any) -> None:
    """A pull request without a difference, a merge with conflicts, and addresses where nothing is."""
    person.commit("a", "a")
    person.push("main", "main:same")
    refused = send("/me/site/pulls", head="same", base="main", title="T")
    assert refused.status_code == 422
    assert "No commits between main and same" in refused.text
    person.git("checkout", "--quiet", "-b", "clash")
    person.commit("a", "mine")
    person.git("checkout", "--quiet", "main")
    person.commit("a", "yours")
    person.push("--all")
    assert "has conflicts with" in send("/me/site/pulls", head="clash", base="main", title="T").text
    assert send("/me/site/pull/1", action="merge").status_code == 422
    for path in (
        "/me/none",
        "/you/site",
        "/me/site/pull/9",
        "/me/site/pull/99999999999999999999",
        "/me/site/commit/zzz",
    ):
        see(path, 404)
    for path in ("/me/site/tree/none", "/me/site/compare/none", "/me/site/commit/main~1", "/_standin/%2e%2e/app.py"):
        see(path, 404)


def test_long_histories_come_in_pages(see: Any, person: Any) -> None:
    """Thirty commits on each."""
    for number in range(32):
        person.git("commit", "--quiet", "--allow-empty", "--message", f"Number {number}.")
    person.push("main")
    first, second = see("/me/site"), see("/me/site?page=2")
    assert ("Number 31." in first, "Number 1." in first) == (True, False)
    assert ("Number 31." in second, "Number 1." in second) == (False, True)
    assert "There are no commits" in see("/me/site?page=99999999999999999999")
