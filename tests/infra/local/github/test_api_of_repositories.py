"""Repositories, branches and commits over the API."""

from typing import Any
from urllib.parse import quote

import httpx
import pytest


@pytest.fixture
def shas(person: Any) -> list[str]:
    """Return the commits of a history: three on main, and one on a branch from the first."""
    one = person.commit("a", "1\n", "One")
    two = person.commit("b", "2\n", "Two\n\nand more")
    person.git("mv", "a", "c")
    person.git("commit", "--quiet", "--message", "Three")
    three = person.git("rev-parse", "HEAD")
    person.git("checkout", "--quiet", "-b", "feature/x", one)
    four = person.commit("d", "4\n", "Four")
    person.push("--all")
    return [one, two, three, four]


def test_a_repository_has_two_addresses(installation: Any, shas: list[str]) -> None:
    """By name, whatever its case, and by its number, which a rename does not change."""
    repository = installation.get("/repos/me/site")
    assert repository["default_branch"] in ("main", "feature/x")
    assert installation.ask("GET", "/repos/ME/SITE").json()["id"] == repository["id"]
    headers = {"Authorization": f"Bearer {installation.token}"}
    base = f"{installation.standin.url}/api/v3/repositories"
    assert httpx.get(f"{base}/{repository['id']}", headers=headers).json() == repository
    assert len(httpx.get(f"{base}/{repository['id']}/commits?sha=main", headers=headers).json()) == 3
    for number in ("999", str(2**70)):
        assert httpx.get(f"{base}/{number}", headers=headers).status_code == 404


def test_what_has_not_changed_is_not_sent_again(installation: Any, shas: list[str]) -> None:
    """Whoever has the answer's tag gets 304 and the headers, until there is another answer."""
    url = f"{installation.standin.url}/api/v3/repos/me/site/branches"
    headers = {"Authorization": f"Bearer {installation.token}"}
    first = httpx.get(url, headers=headers)
    again = httpx.get(url, headers={**headers, "If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert "x-ratelimit-remaining" in again.headers
    assert httpx.get(url, headers={**headers, "If-None-Match": 'W/"other"'}).json() == first.json()


def test_branches_are_listed_and_shown(installation: Any, shas: list[str]) -> None:
    """With a slash in the name, plain or encoded, too."""
    listed = {one["name"]: one["commit"]["sha"] for one in installation.get("/repos/me/site/branches")}
    assert listed == {"main": shas[2], "feature/x": shas[3]}
    assert installation.get("/repos/me/site/branches/main")["commit"]["commit"]["message"] == "Three"
    answer = installation.ask("GET", "/repos/me/site/branches/feature%2Fx")
    assert answer.json()["commit"]["sha"] == shas[3]
    missing = installation.ask("GET", "/repos/me/site/branches/none")
    assert (missing.status_code, missing.json()["message"]) == (404, "Branch not found")


def test_commits_are_listed_in_pages(installation: Any, shas: list[str]) -> None:
    """Newest first, with links to the other pages, of a branch, a commit or a path."""
    answer = installation.ask("GET", "/repos/me/site/commits", sha="main", per_page=2)
    assert [one["sha"] for one in answer.json()] == [shas[2], shas[1]]
    url = f"{installation.standin.url}/api/v3/repos/me/site/commits?sha=main&per_page=2&page=2"
    assert answer.headers["link"] == f'<{url}>; rel="next", <{url}>; rel="last"'
    last = installation.ask("GET", "/repos/me/site/commits", sha="main", per_page=2, page=2)
    assert [one["sha"] for one in last.json()] == [shas[0]]
    assert 'rel="prev"' in last.headers["link"]
    assert 'rel="next"' not in last.headers["link"]
    assert [one["sha"] for one in installation.get("/repos/me/site/commits", sha="main", path="b")] == [shas[1]]
    assert installation.ask("GET", "/repos/me/site/commits", sha="none").status_code == 404
    nonsense = installation.ask("GET", "/repos/me/site/commits", sha="main", per_page="x", page="-1")
    assert len(nonsense.json()) == 3


def test_hostile_paths_are_names_of_files(installation: Any, shas: list[str]) -> None:
    """Git's pathspec magic, options and broken text find nothing, and break nothing."""
    for path in (":(exclude)b", "-x", "*", "../../..", "a\nb", ":/"):
        answer = installation.ask("GET", "/repos/me/site/commits", sha="main", path=path)
        assert answer.status_code in (200, 422), path
        assert answer.status_code == 422 or answer.json() == []
    assert installation.ask("GET", "/repos/me/site/commits", sha="main", path="\0").status_code == 422


def test_a_commit_is_shown_whole(installation: Any, shas: list[str]) -> None:
    """By hash, short hash or branch, with its tree, parents and files."""
    commit = installation.get(f"/repos/me/site/commits/{shas[2]}")
    assert commit["parents"][0]["sha"] == shas[1]
    assert len(commit["commit"]["tree"]["sha"]) == 40
    (file,) = commit["files"]
    assert (file["status"], file["previous_filename"], file["filename"]) == ("renamed", "a", "c")
    second = installation.get(f"/repos/me/site/commits/{shas[1][:8]}")
    assert second["sha"] == shas[1]
    assert second["commit"]["message"] == "Two\n\nand more"
    assert second["stats"] == {"additions": 1, "deletions": 0, "total": 1}
    assert installation.get("/repos/me/site/commits/main")["sha"] == shas[2]


def test_gits_own_notations_name_no_commit(installation: Any, shas: list[str]) -> None:
    """A name is a branch, a tag or a hash; nothing in it reaches git's command line or revision syntax."""
    for name in ["main~1", "main^", "@", "HEAD:a", "-x", "--all", "main..feature", "a" * 40, "\x00"]:
        answer = installation.ask("GET", f"/repos/me/site/commits/{quote(name, safe='')}")
        assert answer.status_code == 422, name
        assert answer.json()["message"].startswith("No commit found")


def test_commits_are_compared(installation: Any, shas: list[str]) -> None:
    """Ahead, behind, both and neither; names without a common word are not found."""
    ahead = installation.get(f"/repos/me/site/compare/{shas[0]}...main")
    assert (ahead["status"], ahead["ahead_by"], ahead["behind_by"]) == ("ahead", 2, 0)
    assert [one["sha"] for one in ahead["commits"]] == shas[1:3]
    assert installation.get(f"/repos/me/site/compare/main...{shas[0]}")["status"] == "behind"
    assert installation.get("/repos/me/site/compare/main...main")["status"] == "identical"
    both = installation.get("/repos/me/site/compare/main...feature%2Fx")
    assert (both["status"], both["ahead_by"], both["behind_by"]) == ("diverged", 1, 2)
    assert both["merge_base_commit"]["sha"] == shas[0]
    for pair in ("main...none", "main", "main..feature%2Fx", "...main"):
        assert installation.ask("GET", f"/repos/me/site/compare/{pair}").status_code == 404


def test_reading_needs_the_permission(make_installation: Any, shas: list[str]) -> None:
    """Without contents:read a token sees that the repository is there, and nothing in it."""
    token = make_installation(permissions={"statuses": "write"})
    assert token.ask("GET", "/repos/me/site").status_code == 200
    for path in ("branches", "branches/main", "commits", "commits/main", "compare/main...main"):
        answer = token.ask("GET", f"/repos/me/site/{path}")
        assert answer.status_code == 403
        assert answer.json()["message"] == "Resource not accessible by integration"
