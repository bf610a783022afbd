"""A person: does over HTTP what people do at GitHub, for tests and the demonstration."""

import json
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx


class RefusedError(Exception):
    """The stand-in would not do it; the message is its own."""

    def __init__(self, status: int, message: str) -> None:
        self.status = status
        super().__init__(f"{status}: {message}")


class Person:
    """Somebody with an account and a token. Repositories are named `owner/name`; every method raises RefusedError.

    Every step but `person` and what has no API at GitHub goes through GitHub's own REST API.
    """

    def __init__(self, url: str, login: str, token: str) -> None:
        self.url = url
        self.login = login
        self.token = token

    @classmethod
    def owner(cls, url: str, data_dir: Path) -> "Person":
        """Return the owner of the stand-in at `url`, who is at home in `data_dir`."""
        person = cls(url, "", (data_dir / "personal-token").read_text("utf-8").strip())
        person.login = person.ask("GET", "/user")["login"]
        return person

    @classmethod
    def other(cls, url: str, login: str, kind: str = "User") -> "Person":
        """Return somebody else, whose account is made at first; only on the stand-in's own machine."""
        made = _read(httpx.post(f"{url}/_standin/accounts", json={"login": login, "type": kind}, trust_env=False))
        return cls(url, made["login"], made["token"])

    @property
    def id(self) -> int:
        """The account's number."""
        return int(self.ask("GET", "/user")["id"])

    def git_url(self, repository: str) -> str:
        """Return where this person fetches from, the token in it.

        Git gives the token only when it is asked for one, which nobody is to push: see `git_header`.
        """
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{self.login}:{self.token}@{parts.netloc}/{repository}.git"

    @property
    def git_header(self) -> str:
        """What git sends as `http.extraHeader` to push as this person, and not as the repository's owner."""
        return f"Authorization: Basic {b64encode(f'{self.login}:{self.token}'.encode()).decode()}"

    def fork(self, repository: str, name: str = "") -> str:
        """Fork a repository that this person can read; return the fork's full name."""
        body = {"name": name} if name else {}
        return str(self.ask("POST", f"/repos/{repository}/forks", body)["full_name"])

    def open_pull(
        self, repository: str, head: str, base: str = "main", *, title: str = "", body: str = "", draft: bool = False
    ) -> int:
        """Open a pull request from a branch, or `account:branch` of a fork; return its number."""
        wanted = {"title": title or head, "body": body, "head": head, "base": base, "draft": draft}
        return int(self.ask("POST", f"/repos/{repository}/pulls", wanted)["number"])

    def close(self, repository: str, number: int) -> None:
        """Close a pull request."""
        self.ask("PATCH", f"/repos/{repository}/pulls/{number}", {"state": "closed"})

    def reopen(self, repository: str, number: int) -> None:
        """Open a pull request again."""
        self.ask("PATCH", f"/repos/{repository}/pulls/{number}", {"state": "open"})

    def set_draft(self, repository: str, number: int, *, draft: bool) -> None:
        """As the owner: make a pull request a draft, or ready for review."""
        form = {"action": "draft" if draft else "ready"}
        _expect(httpx.post(f"{self.url}/{repository}/pull/{number}", data=form, trust_env=False))

    def merge(self, repository: str, number: int) -> str:
        """Merge a pull request; return the merge commit."""
        return str(self.ask("PUT", f"/repos/{repository}/pulls/{number}/merge")["sha"])

    def comment(self, repository: str, number: int, body: str) -> int:
        """Comment on a pull request; return the comment's number."""
        return int(self.ask("POST", f"/repos/{repository}/issues/{number}/comments", {"body": body})["id"])

    def edit_comment(self, repository: str, comment: int, body: str) -> None:
        """Change a comment's text."""
        self.ask("PATCH", f"/repos/{repository}/issues/comments/{comment}", {"body": body})

    def delete_comment(self, repository: str, comment: int) -> None:
        """Remove a comment."""
        self.ask("DELETE", f"/repos/{repository}/issues/comments/{comment}")

    def comments(self, repository: str, number: int) -> list[dict[str, Any]]:
        """Return the first hundred comments of a pull request, as the API shows them."""
        path = f"/repos/{repository}/issues/{number}/comments?per_page=100"
        return list(self.ask("GET", path))

    def react(self, repository: str, comment: int, content: str) -> int:
        """React to a comment with `+1`, `eyes`, ...; return the reaction's number."""
        return int(
            self.ask("POST", f"/repos/{repository}/issues/comments/{comment}/reactions", {"content": content})["id"]
        )

    def reactions(self, repository: str, comment: int) -> list[tuple[str, str]]:
        """Return who reacted to a comment, and how."""
        found = self.ask("GET", f"/repos/{repository}/issues/comments/{comment}/reactions?per_page=100")
        return [(one["user"]["login"], one["content"]) for one in found]

    def grant(self, repository: str, login: str, role: str) -> None:
        """Give somebody the role `read`, `triage`, `write`, `maintain` or `admin`; `none` takes it away."""
        path = f"/repos/{repository}/collaborators/{quote(login)}"
        if role == "none":
            self.ask("DELETE", path)
        else:
            self.ask("PUT", path, {"permission": {"read": "pull", "write": "push"}.get(role, role)})

    def rename(self, repository: str, name: str) -> str:
        """Rename a repository; return its full name."""
        return str(self.ask("PATCH", f"/repos/{repository}", {"name": name})["full_name"])

    def transfer(self, repository: str, login: str) -> str:
        """Give a repository to another account; return its full name."""
        return str(self.ask("POST", f"/repos/{repository}/transfer", {"new_owner": login})["full_name"])

    def set_private(self, repository: str, *, private: bool) -> None:
        """Hide a repository from strangers, or show it to everybody."""
        self.ask("PATCH", f"/repos/{repository}", {"private": private})

    def set_archived(self, repository: str, *, archived: bool) -> None:
        """Make a repository read-only, or no longer so."""
        self.ask("PATCH", f"/repos/{repository}", {"archived": archived})

    def set_default_branch(self, repository: str, branch: str) -> None:
        """Choose the default branch of a repository."""
        self.ask("PATCH", f"/repos/{repository}", {"default_branch": branch})

    def delete(self, repository: str) -> None:
        """Delete a repository."""
        self.ask("DELETE", f"/repos/{repository}")

    def add_to_app(self, repository: str) -> None:
        """As the owner: let the App have a repository."""
        self.ask("PUT", self._chosen(repository))

    def remove_from_app(self, repository: str) -> None:
        """As the owner: take a repository from the App."""
        self.ask("DELETE", self._chosen(repository))

    def suspend(self) -> None:
        """As the owner: suspend the installation."""
        self._change_installation(action="suspend")

    def unsuspend(self) -> None:
        """As the owner: end the suspension."""
        self._change_installation(action="unsuspend")

    def uninstall(self) -> None:
        """As the owner: uninstall the App."""
        self._change_installation(action="uninstall")

    def accept_permissions(self, permissions: Mapping[str, str]) -> None:
        """As the owner: grant the App these permissions besides what it has."""
        self._change_installation(action="accept", permissions=json.dumps(dict(permissions)))

    def install(self, slug: str = "battleshiper") -> None:
        """As the owner: install the App."""
        _expect(httpx.post(f"{self.url}/apps/{slug}/installations/new", trust_env=False))

    def ask(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Any:
        """Call the REST API as this person and return what it answers."""
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = httpx.request(
            method, f"{self.url}/api/v3{path}", json=body, headers=headers, trust_env=False, follow_redirects=True
        )
        return _read(answer)

    def _chosen(self, repository: str) -> str:
        number = self.ask("GET", f"/repos/{repository}")["id"]
        return f"/user/installations/{self._installation()}/repositories/{number}"

    def _installation(self) -> int:
        installations = self.ask("GET", "/user/installations")["installations"]
        if not installations:
            raise RefusedError(404, f"the App is not installed for {self.login}")
        return int(installations[0]["id"])

    def _change_installation(self, **form: str) -> None:
        _expect(httpx.post(f"{self.url}/settings/installations/{self._installation()}", data=form, trust_env=False))


def _expect(answer: httpx.Response) -> None:
    if answer.is_error:
        raise RefusedError(answer.status_code, answer.text)


def _read(answer: httpx.Response) -> Any:
    content: Any = answer.json() if answer.content else None
    if answer.is_error:
        raise RefusedError(answer.status_code, str(content.get("errors") or content["message"]))
    return content
