"""What maintainers and outsiders can do with comments in a pull request."""

from typing import Any

import pytest
from e2e.harness import Platform, until

from battleshiper.infra.local.github.person import Person

WAITING = "Waiting for a maintainer: comment /deploy"


@pytest.fixture
def owner(platform: Platform) -> Person:
    """The owner of the repositories."""
    running = platform.running
    return Person.owner(running.github.url, running.settings.data_dir / "github")


def answered(person: Person, repository: str, comment: int) -> list[str]:
    """Wait until a comment was answered, and return how."""

    def answer() -> list[str] | None:
        found = [content for _, content in person.reactions(repository, comment)]
        return found if {"+1", "-1"} & set(found) else None

    found: list[str] = until(answer)
    return found


def test_an_outsider_waits_for_a_maintainer(platform: Platform, owner: Person) -> None:
    """A fork's commit is built once somebody who may write says so, and for that commit alone."""
    checkout = platform.checkout("guarded", "plain-html")
    platform.ready(checkout)
    repository = platform.running.repository_name("guarded")
    ada = Person.other(owner.url, "ada")
    owner.grant(repository, "ada", "read")
    fork = ada.fork(repository)

    def push(text: str) -> str:
        (checkout.folder / "index.html").write_text(text)
        sha = checkout.commit(text)
        header = f"http.extraHeader={ada.git_header}"
        checkout.git("-c", header, "push", "--quiet", f"{owner.url}/{fork}.git", "HEAD:refs/heads/main")
        return sha

    def waits(sha: str) -> Any:
        statuses, _ = platform.on_github("guarded", sha)
        return statuses and [(each["state"], each["description"]) for each in statuses] == [("pending", WAITING)]

    first = push("from outside")
    number = ada.open_pull(repository, "ada:main", title="From outside")
    until(lambda: waits(first))
    assert platform.started(first)["state"] == "awaiting_approval"

    assert answered(owner, repository, ada.comment(repository, number, "/deploy")) == ["-1"]
    second = push("from outside, again")
    until(lambda: waits(second))
    until(lambda: platform.started(first)["state"] == "superseded")

    said = owner.comment(repository, number, f"I have looked at it.\n\n/deploy {second[:7]}")
    assert set(answered(owner, repository, said)) == {"eyes", "+1"}
    built = platform.follow(second)
    assert built["state"] == "ready", platform.log(built)
    assert platform.site(built["url"]).get("/").text == "from outside, again"
    platform.shown("guarded", second, "success")

    assert set(answered(owner, repository, owner.comment(repository, number, "/promote"))) == {"eyes", "-1"}
    third = push("and once more")
    until(lambda: waits(third))
    ada.close(repository, number)
    until(lambda: platform.started(third)["state"] == "canceled")


def test_a_maintainer_decides(platform: Platform, owner: Person) -> None:
    """Promote, roll back, redeploy and ask for the log, all from the pull request."""
    checkout = platform.checkout("decided", "plain-html")
    site = platform.ready(checkout)
    repository = platform.running.repository_name("decided")
    before = site.get("/").text
    (checkout.folder / "index.html").write_text("a proposal")
    sha = checkout.commit()
    assert platform.follow(checkout.push("HEAD:refs/heads/next"))["state"] == "ready"
    number = owner.open_pull(repository, "next", title="A proposal")

    def ask(command: str) -> set[str]:
        return set(answered(owner, repository, owner.comment(repository, number, command)))

    assert ask("/promote") == {"eyes", "+1"}
    until(lambda: site.get("/").text == "a proposal")
    assert ask("/rollback") == {"eyes", "+1"}
    until(lambda: site.get("/").text == before)
    assert ask("/rollback") == {"eyes", "-1"}
    assert ask("/redeploy") == {"eyes", "+1"}
    assert platform.follow(sha, number=2)["state"] == "ready"
    assert ask("/logs") == {"eyes", "+1"}
    assert ask("/help") == {"eyes", "+1"}
    bodies = [each["body"] for each in owner.comments(repository, number)]
    assert any("The end of the log of" in body for body in bodies)
    assert any("| `/rollback` |" in body for body in bodies)
    assert sum("what this pull request deploys" in body for body in bodies) == 1
