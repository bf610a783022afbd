"""Signed deliveries as GitHub sends them: 8 KB pushes, each of another commit."""

import hmac
import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any
from uuid import UUID

from benchmarks.app import APP_ID, REPOSITORY, REPOSITORY_ID, WEBHOOK_SECRET
from benchmarks.requests import Requests

_PATH = "/webhooks/github"
_COMMITS = 6
_FIRST_PUSH = 1_700_000_000
_SHA, _MOMENT, _DELIVERY, _SIGNATURE = range(4)


def pushes(host: str, numbers: range) -> Requests:
    """Return a push to one branch for each number, one second after the other, each of another commit."""
    sample_sha, sample_moment = "0123456789abcdef" * 2 + "01234567", 1_111_111_111
    body = json.dumps(_push(sample_sha, sample_moment)).encode()
    parts = _cut(body, {sample_sha.encode(): _SHA, str(sample_moment).encode(): _MOMENT})
    head = _head(host, "push", len(body))
    return Requests((*head, *parts), list(_rows(parts, numbers)))


def delivery_headers(event: str, delivery: str, signature: str) -> dict[str, str]:
    """Return the headers that GitHub sends with a delivery."""
    return {
        "Accept": "*/*",
        "Content-Type": "application/json",
        "User-Agent": "GitHub-Hookshot/044aadd",
        "X-GitHub-Delivery": delivery,
        "X-GitHub-Event": event,
        "X-GitHub-Hook-ID": "292430182",
        "X-GitHub-Hook-Installation-Target-ID": str(APP_ID),
        "X-GitHub-Hook-Installation-Target-Type": "integration",
        "X-Hub-Signature-256": signature,
    }


def installed() -> bytes:
    """Return the payload that says that the App was installed on the repository."""
    return json.dumps(
        {
            "action": "created",
            "installation": {"id": 99, "account": {"id": 1, "login": "octo-org", "type": "Organization"}},
            "repositories": [{"id": REPOSITORY_ID, "full_name": REPOSITORY, "name": "hello-world", "private": False}],
            "sender": {"id": 583231, "login": "octocat"},
        }
    ).encode()


def sign(body: bytes) -> str:
    """Return the signature of a payload."""
    return f"sha256={hmac.digest(WEBHOOK_SECRET.encode(), body, sha256).hex()}"


def _head(host: str, event: str, length: int) -> tuple[bytes | int, ...]:
    marks = {"<delivery>": _DELIVERY, "<signature>": _SIGNATURE}
    headers = {"Host": host, **delivery_headers(event, *marks), "Content-Length": str(length)}
    lines = [f"POST {_PATH} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return _cut("\r\n".join(lines).encode(), {mark.encode(): field for mark, field in marks.items()})


def _cut(text: bytes, marks: dict[bytes, int]) -> tuple[bytes | int, ...]:
    parts: list[bytes | int] = [text]
    for mark, field in marks.items():
        cut: list[bytes | int] = []
        for part in parts:
            if isinstance(part, int):
                cut.append(part)
                continue
            first, *others = part.split(mark)
            cut.append(first)
            for other in others:
                cut += (field, other)
        parts = cut
    return tuple(parts)


def _rows(parts: tuple[bytes | int, ...], numbers: range) -> Iterator[tuple[str, ...]]:
    for number in numbers:
        sha, moment = sha256(b"%d" % number).hexdigest()[:40], str(_FIRST_PUSH + number)
        fields = (sha.encode(), moment.encode())
        body = b"".join(fields[part] if isinstance(part, int) else part for part in parts)
        yield sha, moment, str(UUID(int=number)), sign(body)


def _push(sha: str, moment: int) -> dict[str, Any]:
    owner = {"name": "octo-org", "login": "octo-org", "id": 1, "type": "Organization", "site_admin": False}
    return {
        "ref": "refs/heads/main",
        "before": "a" * 40,
        "after": sha,
        "created": False,
        "deleted": False,
        "forced": False,
        "base_ref": None,
        "compare": f"https://github.example/{REPOSITORY}/compare/{'a' * 12}...{sha[:12]}",
        "repository": _repository(owner, moment),
        "pusher": {"name": "octocat", "email": "octocat@example.org"},
        "organization": {"login": "octo-org", "id": 1},
        "installation": {"id": 99, "node_id": "MDIzOkludGVncmF0aW9uSW5zdGFsbGF0aW9uOTk="},
        "sender": {"login": "octocat", "id": 583231, "type": "User", "site_admin": False},
        "commits": [_commit(f"{number:040x}", number) for number in range(_COMMITS - 1)] + [_commit(sha, _COMMITS)],
        "head_commit": _commit(sha, _COMMITS),
    }


def _repository(owner: dict[str, Any], moment: int) -> dict[str, Any]:
    address = f"https://api.github.example/repos/{REPOSITORY}"
    kinds = "forks keys hooks events assignees branches tags blobs trees statuses languages stargazers contributors "
    kinds += "subscribers commits comments issues contents compare merges archive downloads pulls milestones labels"
    return {
        "id": REPOSITORY_ID,
        "name": "hello-world",
        "full_name": REPOSITORY,
        "private": False,
        "owner": owner,
        "default_branch": "main",
        "pushed_at": moment,
        **{f"{kind}_url": f"{address}/{kind}{{/name}}" for kind in kinds.split()},
    }


def _commit(sha: str, number: int) -> dict[str, Any]:
    person = {"name": "Mona", "email": "mona@example.org", "username": "mona"}
    return {
        "id": sha,
        "tree_id": f"{number + 1:040x}",
        "distinct": True,
        "message": f"Change number {number}: what it does, and why it had to be done, in two or three lines of text",
        "timestamp": "2026-01-01T00:00:00Z",
        "url": f"https://github.example/{REPOSITORY}/commit/{sha}",
        "author": person,
        "committer": person,
        "added": [f"src/routes/page-{number}/+page.svelte"],
        "removed": [],
        "modified": [f"src/lib/part-{each}.js" for each in range(8)],
    }
