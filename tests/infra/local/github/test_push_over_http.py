"""Pushing with git itself, and what the App is told of it."""

import gzip
import hashlib
import hmac
import random
import socket
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

import httpx

ZERO = "0" * 40


def test_first_push_makes_the_repository_and_tells_the_app(person: Any, hook: Any, openapi: Any, standin: Any) -> None:
    """A push to a name that is new makes a repository; the App hears of it first, and then of the push."""
    sha = person.commit("index.html", "<h1>Hello</h1>", "First\n\nwith a body")
    person.push("main")
    push = hook.wait("push")[0].payload
    assert [received.event for received in hook.received] == [
        "ping",
        "installation",
        "repository",
        "installation_repositories",
        "push",
    ]
    openapi.check_event("ping", hook.of("ping")[0].payload)
    openapi.check_event("installation-created", hook.of("installation")[0].payload)
    openapi.check_event("repository-created", hook.of("repository")[0].payload)
    openapi.check_event("push", push)
    added = hook.of("installation_repositories")[0].payload
    assert [one["full_name"] for one in added["repositories_added"]] == ["me/site"]
    assert (push["ref"], push["before"], push["after"]) == ("refs/heads/main", ZERO, sha)
    assert (push["created"], push["deleted"], push["forced"]) == (True, False, False)
    assert push["head_commit"]["added"] == ["index.html"]
    assert push["head_commit"]["message"] == "First\n\nwith a body"
    assert [commit["id"] for commit in push["commits"]] == [sha]
    assert isinstance(push["repository"]["pushed_at"], int)
    assert push["repository"]["clone_url"] == f"{standin.url}/me/site.git"
    assert push["installation"]["id"] == 5001


def test_delivery_carries_all_of_githubs_headers(person: Any, hook: Any, standin: Any) -> None:
    """A receiver can verify both signatures, and tell the hook, the App and the delivery apart."""
    person.commit("a", "a")
    person.push("main")
    received = hook.wait("push")[0]
    secret = standin.credentials.webhook_secret.encode()
    assert received.headers["x-hub-signature-256"] == f"sha256={hmac.digest(secret, received.body, 'sha256').hex()}"
    assert received.headers["x-hub-signature"] == f"sha1={hmac.new(secret, received.body, hashlib.sha1).hexdigest()}"
    assert received.headers["x-github-hook-installation-target-id"] == "77"
    assert received.headers["x-github-hook-installation-target-type"] == "integration"
    assert received.headers["x-github-hook-id"]
    assert received.headers["user-agent"].startswith("GitHub-Hookshot/")
    assert received.headers["content-type"] == "application/json"
    assert len({one.headers["x-github-delivery"] for one in hook.received}) == len(hook.received)


def test_later_pushes_say_what_became_of_each_ref(person: Any, hook: Any, openapi: Any) -> None:
    """Updates, force pushes, new branches, deletions and tags each get the event that GitHub sends for them."""
    first = person.commit("a", "1")
    person.push("main")
    second, third = person.commit("a", "2"), person.commit("b", "3")
    person.push("main")
    person.git("checkout", "--quiet", "-b", "side", first)
    other = person.commit("c", "4")
    person.push("+side:main")
    person.push(f"{third}:refs/heads/topic")
    person.push("--delete", "topic")
    person.git("tag", "--annotate", "--message", "One", "v1", first)
    person.push("v1")
    events = [received.payload for received in hook.wait("push", 6)]
    for event in events:
        openapi.check_event("push", event)
    _, update, forced, created, deleted, tag = events
    assert (update["before"], update["after"], update["forced"]) == (first, third, False)
    assert [commit["id"] for commit in update["commits"]] == [second, third]
    assert update["commits"][0]["modified"] == ["a"]
    assert update["compare"].endswith(f"{first[:12]}...{third[:12]}")
    assert (forced["before"], forced["after"], forced["forced"]) == (third, other, True)
    assert (created["before"], created["after"], created["created"]) == (ZERO, third, True)
    assert [commit["id"] for commit in created["commits"]] == [second, third]
    assert (deleted["before"], deleted["after"], deleted["deleted"]) == (third, ZERO, True)
    assert (deleted["commits"], deleted["head_commit"]) == ([], None)
    assert (tag["ref"], tag["created"], tag["commits"]) == ("refs/tags/v1", True, [])
    assert tag["head_commit"]["id"] == first


def test_one_push_of_many_refs_is_one_event_for_each_branch_and_none_for_many_tags(person: Any, hook: Any) -> None:
    """GitHub sends nothing for tags when more than three are pushed at once."""
    person.commit("a", "1")
    for number in range(4):
        person.git("tag", f"t{number}")
        person.git("branch", f"b{number}")
    person.push("--all")
    person.push("--tags")
    person.commit("a", "2")
    person.push("main")
    refs = [received.payload["ref"] for received in hook.wait("push", 6)]
    assert sorted(refs[:5]) == ["refs/heads/b0", "refs/heads/b1", "refs/heads/b2", "refs/heads/b3", "refs/heads/main"]
    assert refs[5:] == ["refs/heads/main"]


BRANCHES = ("feat/ünïcode-🚀", "$(touch${IFS}pwned)", "a'b\"c;d&e", "שלום-עולם", "x/-y", "%2e%2e%2f", "@", "<script>")


def test_branch_names_are_data(person: Any, hook: Any, installation: Any) -> None:
    """Whatever git takes for a branch name arrives unchanged in the event, the API and git."""
    sha = person.commit("a", "a")
    person.push("main", *(f"main:refs/heads/{branch}" for branch in BRANCHES))
    refs = {received.payload["ref"]: received.payload["after"] for received in hook.wait("push", 1 + len(BRANCHES))}
    listed = person.git("ls-remote", person.remote(installation.token)).splitlines()
    names = [one["name"] for one in installation.get("/repos/me/site/branches")]
    for branch in BRANCHES:
        assert refs[f"refs/heads/{branch}"] == sha
        assert f"{sha}\trefs/heads/{branch}" in listed
        assert branch in names
        shown = installation.ask("GET", f"/repos/me/site/branches/{quote(branch, safe='')}").json()
        assert (shown["name"], shown["commit"]["sha"]) == (branch, sha)


def test_bad_repository_names_are_refused(person: Any, standin: Any) -> None:
    """A name that GitHub would not give makes no repository and touches no file."""
    person.commit("a", "a")
    for name in ["..", "a%2f..%2f..%2fetc", "a b", "%00", "x" * 101, ".", "a%0d%0ab", "$(id)"]:
        assert "fatal" in person.git("push", f"{standin.url}/me/{name}.git", "main", check=False), name
    assert not [one for one in (standin.data_dir / "repositories").iterdir() if one.name != "empty.git"]


def test_the_default_branch_is_the_one_that_was_pushed(person: Any, installation: Any) -> None:
    """A repository whose first push is of another branch than main has that for its default, and a clone gets it."""
    person.commit("a", "a")
    person.push("main:trunk")
    assert installation.get("/repos/me/site")["default_branch"] == "trunk"
    assert "ref: refs/heads/trunk\tHEAD" in person.git("ls-remote", "--symref", person.remote(installation.token))


def test_the_default_branch_cannot_be_deleted(person: Any, standin: Any) -> None:
    """As at GitHub."""
    person.commit("a", "a")
    person.push("main")
    said = person.git("push", f"{standin.url}/me/site.git", "--delete", "main", check=False)
    assert "refusing to delete the current branch" in said


def test_a_push_that_fails_makes_no_repository(person: Any, standin: Any, installation: Any) -> None:
    """Nobody sees a repository before a push has landed in it."""
    person.commit("a", "a")
    said = person.git("push", f"{standin.url}/me/site.git", "main:refs/pull/1/head", check=False)
    assert "deny updating a hidden ref" in said
    assert installation.ask("GET", "/repos/me/site").status_code == 404
    assert installation.get("/installation/repositories")["total_count"] == 0


def test_concurrent_pushes_are_each_told_of_once(make_person: Callable[[], Any], hook: Any, standin: Any) -> None:
    """Many people pushing to many branches of one repository at once lose nothing and mix nothing up."""
    people = [make_person() for _ in range(8)]
    shas = [person.commit("a", str(index)) for index, person in enumerate(people)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda pair: pair[1].push(f"main:branch-{pair[0]}"), enumerate(people)))
    told = {received.payload["ref"]: received.payload["after"] for received in hook.wait("push", 8)}
    assert told == {f"refs/heads/branch-{index}": sha for index, sha in enumerate(shas)}
    assert len(hook.of("push")) == 8
    assert len(hook.of("installation_repositories")) == 1


def test_large_and_compressed_pushes_arrive_whole(person: Any, installation: Any, tmp_path: Any) -> None:
    """A push that git sends in chunks, after a probe, is stored byte for byte."""
    content = random.Random(7).randbytes(3 * 1024**2)
    (person.folder / "big.bin").write_bytes(content)
    sha = person.commit("a", "a")
    person.git("add", "big.bin")
    person.git("commit", "--quiet", "--message", "Big")
    person.push("main")
    clone = tmp_path / "clone"
    person.git("-c", "protocol.version=2", "clone", "--quiet", person.remote(installation.token), str(clone))
    assert (clone / "big.bin").read_bytes() == content
    assert person.git("rev-parse", "HEAD~1") == sha


def test_a_compressed_request_is_understood(person: Any, standin: Any) -> None:
    """Git compresses long lists of what it has; the answer is that of the plain request."""
    sha = person.commit("a", "a")
    person.push("main")
    want = f"want {sha} ofs-delta\n".encode()
    body = f"{len(want) + 4:04x}".encode() + want + b"00000009done\n"
    headers = {"Content-Type": "application/x-git-upload-pack-request"}
    url, auth = f"{standin.url}/me/site.git/git-upload-pack", ("me", standin.personal_token)
    plain = httpx.post(url, content=body, headers=headers, auth=auth)
    packed = httpx.post(url, content=gzip.compress(body), headers={**headers, "Content-Encoding": "gzip"}, auth=auth)
    assert plain.status_code == packed.status_code == 200
    assert b"PACK" in plain.content
    assert plain.content == packed.content


def test_a_client_that_vanishes_leaves_the_repository_usable(person: Any, standin: Any, hook: Any) -> None:
    """Half a push changes nothing, and the next one works."""
    person.commit("a", "a")
    person.push("main")
    with socket.create_connection(("127.0.0.1", standin.port)) as broken:
        broken.sendall(
            b"POST /me/site.git/git-receive-pack HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n"
            b"Content-Type: application/x-git-receive-pack-request\r\n\r\n0099"
        )
    sha = person.commit("a", "b")
    person.push("main")
    assert hook.wait("push", 2)[1].payload["after"] == sha


def test_a_push_that_was_not_recorded_is_found_at_the_next_start(person: Any, standin: Any, hook: Any) -> None:
    """When the process ends after git has written and before we have, the App is told after the next start."""
    person.commit("a", "a")
    person.push("main")
    hook.wait("push")
    standin.stop()
    sha = person.commit("a", "b")
    repository = next(one for one in (standin.data_dir / "repositories").iterdir() if one.name != "empty.git")
    subprocess.run(["git", "push", "--quiet", str(repository), "main"], cwd=person.folder, check=True)
    standin.start()
    assert hook.wait("push", 2)[1].payload["after"] == sha
