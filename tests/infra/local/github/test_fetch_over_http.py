"""Fetching with git itself: which tokens open what."""

from base64 import b64encode
from datetime import timedelta
from typing import Any

import httpx
import pytest


@pytest.fixture
def pushed(person: Any) -> Any:
    """Return a person who has pushed a commit that no branch has any more, and another that one has."""
    person.lost = person.commit("a", "1")
    person.push("main")
    person.git("commit", "--quiet", "--amend", "--message", "Another")
    person.push("+main")
    return person


def fetch(person: Any, token: str, what: str, name: str = "site") -> str:
    """Fetch one commit into a fresh repository and return what git says when it cannot."""
    folder = person.folder / "fetched"
    person.git("init", "--quiet", str(folder))
    return person.git("-C", str(folder), "fetch", "--quiet", "--depth=1", person.remote(token, name), what, check=False)


def test_exact_commit_is_fetched_with_a_token_for_one_repository(pushed: Any, make_installation: Any) -> None:
    """What a build needs: contents:read of one repository fetches any commit by its hash, lost ones too."""
    token = make_installation(repositories=["site"], permissions={"contents": "read"}).token
    head = pushed.git("rev-parse", "HEAD")
    assert fetch(pushed, token, head) == ""
    assert fetch(pushed, token, pushed.lost) == ""
    assert pushed.git("-C", str(pushed.folder / "fetched"), "rev-parse", "FETCH_HEAD") == pushed.lost


def test_without_a_token_git_is_asked_for_one(pushed: Any, standin: Any) -> None:
    """Every repository is private."""
    answer = httpx.get(f"{standin.url}/me/site.git/info/refs?service=git-upload-pack")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Basic ")


@pytest.mark.parametrize("token", ["", "wrong", "ghs_wrong", "a:b", "é"])
def test_wrong_tokens_open_nothing(pushed: Any, standin: Any, token: str) -> None:
    """A token that is not known gets 401, for fetching and for pushing."""
    for service in ("git-upload-pack", "git-receive-pack"):
        url = f"{standin.url}/me/site.git/info/refs?service={service}"
        assert httpx.get(url, auth=("x-access-token", token)).status_code == 401


def test_a_token_for_another_repository_does_not_know_this_one(pushed: Any, make_installation: Any) -> None:
    """As at GitHub, what a token is not for does not exist."""
    pushed.push("main", name="other")
    token = make_installation(repositories=["other"], permissions={"contents": "read"}).token
    assert "not found" in fetch(pushed, token, "main")
    assert fetch(pushed, token, "main", "other") == ""


def test_a_token_without_contents_cannot_fetch(pushed: Any, make_installation: Any) -> None:
    """To see that a repository exists is not to read it."""
    token = make_installation(permissions={"statuses": "write"}).token
    assert "403" in fetch(pushed, token, "main")


def test_a_token_of_the_app_cannot_push(pushed: Any, standin: Any, installation: Any) -> None:
    """The App was granted contents:read, which pushing is beyond, to old and to new repositories."""
    basic = b64encode(f"x-access-token:{installation.token}".encode()).decode()
    for name, said in (("site", "403"), ("fresh", "not found")):
        url = f"{standin.url}/me/{name}.git"
        header = f"http.extraHeader=Authorization: Basic {basic}"
        assert said in pushed.git("-c", header, "push", url, "main:stolen", check=False)
    assert "stolen" not in [one["name"] for one in installation.get("/repos/me/site/branches")]
    assert installation.ask("GET", "/repos/me/fresh").status_code == 404


def test_tokens_end_after_an_hour(pushed: Any, standin: Any, installation: Any) -> None:
    """A token that has expired is as good as none."""
    assert fetch(pushed, installation.token, "main") == ""
    standin.shift = timedelta(minutes=61)
    assert "Authentication failed" in fetch(pushed, installation.token, "main")
    url = f"{standin.url}/me/site.git/info/refs?service=git-upload-pack"
    assert httpx.get(url, auth=("x-access-token", installation.token)).status_code == 401


def test_the_persons_token_fetches_everything(pushed: Any, standin: Any) -> None:
    """The person at the machine finds it in the data directory, where only they can read it."""
    assert fetch(pushed, standin.personal_token, "main") == ""
    assert (standin.data_dir / "personal-token").stat().st_mode & 0o077 == 0


def test_pull_requests_can_be_fetched(pushed: Any, installation: Any) -> None:
    """The head of a pull request is at GitHub's ref for it."""
    sha = pushed.commit("b", "b")
    pushed.push("main:topic")
    installation.post("/repos/me/site/pulls", {"title": "T", "head": "topic", "base": "main"})
    assert fetch(pushed, installation.token, "refs/pull/1/head") == ""
    assert pushed.git("-C", str(pushed.folder / "fetched"), "rev-parse", "FETCH_HEAD") == sha


def test_what_is_not_gits_protocol_is_not_served(pushed: Any, standin: Any) -> None:
    """No file of a repository can be had but through git's smart protocol."""
    auth = ("me", standin.personal_token)
    for path in ("config", "HEAD", "objects/info/packs", "info/refs", "info/refs?service=git-archive", "../github.db"):
        assert httpx.get(f"{standin.url}/me/site.git/{path}", auth=auth).status_code in (403, 404)
    url = f"{standin.url}/me/site.git/git-upload-pack"
    assert httpx.post(url, auth=auth, content=b"x", headers={"Content-Type": "text/plain"}).status_code == 415
