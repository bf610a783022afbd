"""A repository of several sites: each is built when its own files change, and shown beside the others."""

from typing import Any

import httpx
from e2e.harness import Checkout, Platform, until


def followed(platform: Platform, sha: str) -> dict[str, dict[str, Any]]:
    """Return the commit's two deployments by project, once both have ended."""
    platform.follow(sha, number=2)
    return {each["project"]: each for each in platform.client.get("/deployments", limit=50) if each["sha"] == sha}


def write(checkout: Checkout, name: str, text: str) -> None:
    """Write a file of the checkout and commit it."""
    path = checkout.folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    checkout.commit(f"Write {name}")


def test_a_second_site(platform: Platform) -> None:
    """Added to a repository that has one, it is deployed as the repository is. From then on a push ends in one status
    for each, a skip where nothing of a site changed, and a pull request's comment has a row for each."""
    checkout = platform.checkout("mono", "plain-html")
    write(checkout, "docs/index.html", "the manual")
    first = platform.ready(checkout)
    repository = platform.running.repository_name("mono")
    added = platform.client.post("/projects", repository=repository, root_directory="docs")
    assert (added["name"], added["root_directory"]) == ("mono-docs", "docs")
    docs = platform.site(added["url"])
    until(lambda: docs.get("/").text == "the manual")
    assert first.get("/docs/").text == "the manual"

    live = checkout.git("rev-parse", "HEAD")
    write(checkout, "blog/one.html", "news")
    ended = followed(platform, checkout.push())
    reason = f"Skipped: nothing in docs or what it shares changed since {live[:7]}, which is live"
    assert (ended["mono"]["state"], ended["mono-docs"]["state"]) == ("ready", "skipped")
    assert ended["mono-docs"]["reason"] == reason

    def shown() -> Any:
        statuses, _ = platform.on_github("mono", ended["mono"]["sha"])
        told = {each["context"]: (each["state"], each["description"]) for each in reversed(statuses)}
        return told if len(told) == 2 and all(state == "success" for state, _ in told.values()) else None

    assert until(shown)["battleshiper/mono-docs"] == ("success", reason)

    write(checkout, "docs/index.html", "the better manual")
    preview = followed(platform, checkout.push("HEAD:refs/heads/better"))
    assert {each["state"] for each in preview.values()} == {"ready"}
    address = f"{platform.running.github.url}/{repository}"
    opened = httpx.post(
        f"{address}/pulls", data={"head": "better", "base": "main", "title": "Better"}, trust_env=False, timeout=30
    )
    pull = f"{platform.running.github.url}{opened.headers['location']}"
    page = until(
        lambda: page if all(each["url"] in (page := httpx.get(pull).text) for each in preview.values()) else ""
    )
    assert "battleshiper/mono-docs" in page
    assert platform.served(preview["mono-docs"]).get("/").text == "the better manual"
    assert docs.get("/").text == "the manual"

    httpx.post(pull, data={"action": "merge"}, trust_env=False, timeout=30)
    until(lambda: docs.get("/").text == "the better manual")
    settings = platform.running.settings
    retired = platform.site(f"http://mono-docs-git-better.{settings.sites_domain}:{settings.port}")
    until(lambda: retired.get("/").status_code == 404)

    platform.client.delete("/projects/mono-docs")
    until(lambda: docs.get("/").status_code == 404)
    assert first.get("/docs/").text == "the better manual"
