"""Pull requests on AWS: the comment that tells of them, and those that people answer with."""

from collections.abc import Callable
from typing import Any

import pytest
from aws.platform import PlatformOnAws
from e2e.harness import Checkout, until

from battleshiper.bot.comment import MARKER
from battleshiper.infra.local.github.person import Person

pytestmark = [pytest.mark.emulator, pytest.mark.sandbox]
PATIENCE = 90
"""Seconds: retries on AWS are minutes apart, and the emulator shares the machine."""


def change(checkout: Checkout, text: str) -> str:
    """Commit another page and return the commit."""
    (checkout.folder / "index.html").write_text(f"<h1>{text}</h1>")
    return checkout.commit(text)


def test_a_comment_that_follows_and_obeys(platform: PlatformOnAws) -> None:
    """The one comment has the preview's address and is edited in place; `/promote` and `/rollback production` move
    production without a build, and a closed pull request's preview is gone from its branch's address."""
    owner, repository = platform.owner(), "me/asked"
    checkout = platform.checkout("asked")
    checkout.commit()
    platform.follow(checkout.push())
    change(checkout, "next")
    preview = platform.follow(checkout.push("HEAD:next"))
    number = owner.open_pull(repository, "next", title="What comes next")
    comment = said(owner, repository, number, lambda body: preview["url"] in body)
    change(checkout, "better")
    better = platform.follow(checkout.push("HEAD:next"))
    assert said(owner, repository, number, lambda body: better["url"] in body)["id"] == comment["id"]

    builds = len(platform.batch.jobs())
    assert answered(owner, repository, owner.comment(repository, number, "/promote")) == ["+1", "eyes"]
    assert platform.visit("asked").text == "<h1>better</h1>"
    assert answered(owner, repository, owner.comment(repository, number, "/rollback production")) == ["+1", "eyes"]
    assert platform.visit("asked").text == "<h1>asked</h1>"
    assert len(platform.batch.jobs()) == builds

    owner.close(repository, number)
    until(lambda: platform.visit("asked-git-next").status == 404, PATIENCE)
    said(owner, repository, number, lambda body: "Retired" in body)


def test_a_fork_waits(platform: PlatformOnAws) -> None:
    """Its commit says what it waits for, an outsider's word does not count, and a maintainer's does."""
    owner, repository = platform.owner(), "me/guarded"
    checkout = platform.checkout("guarded")
    checkout.commit()
    platform.follow(checkout.push())
    ada = Person.other(owner.url, "ada")
    owner.grant(repository, "ada", "read")
    fork = ada.fork(repository)
    sha = change(checkout, "outside")
    header = f"http.extraHeader={ada.git_header}"
    checkout.git("-c", header, "push", "--quiet", f"{owner.url}/{fork}.git", "HEAD:refs/heads/main")
    number = ada.open_pull(repository, "ada:main", title="From outside")
    waiting = until(lambda: platform.deployments(sha), PATIENCE)
    assert waiting[0]["state"] == "awaiting_approval"
    assert answered(owner, repository, ada.comment(repository, number, "/deploy")) == ["-1"]
    assert answered(owner, repository, owner.comment(repository, number, "/deploy")) == ["+1", "eyes"]
    built = platform.follow(sha)
    assert (built["state"], built["environment"]) == ("ready", "preview")
    platform.shown("guarded", sha, "success")


def said(person: Person, repository: str, number: int, is_wanted: Callable[[str], bool]) -> dict[str, Any]:
    """Wait until the App's one comment says what is wanted, and return it."""

    def found() -> dict[str, Any] | None:
        ours = [each for each in person.comments(repository, number) if each["body"].startswith(MARKER)]
        assert len(ours) <= 1
        return ours[0] if ours and is_wanted(ours[0]["body"]) else None

    comment: dict[str, Any] = until(found, PATIENCE)
    return comment


def answered(person: Person, repository: str, comment: int) -> list[str]:
    """Wait until a comment was answered, and return how."""

    def answer() -> list[str] | None:
        found = sorted(content for _, content in person.reactions(repository, comment))
        return found if {"+1", "-1"} & set(found) else None

    found: list[str] = until(answer, PATIENCE)
    return found
