"""Pull requests and their previews, as people open, close, merge and delete them."""

from typing import Any

import httpx
import pytest
from e2e.harness import Checkout, Platform, Site, until


class Desk:
    """A repository with a live site, and its pull requests on GitHub's pages."""

    def __init__(self, platform: Platform, name: str) -> None:
        self.platform = platform
        self.name = name
        self.checkout: Checkout = platform.checkout(name, "plain-html")
        self.site: Site = platform.ready(self.checkout)
        self.first = self.site.get("/").text

    @property
    def address(self) -> str:
        """Where the repository is on GitHub."""
        return f"{self.platform.running.github.url}/{self.platform.running.repository_name(self.name)}"

    def push(self, branch: str, text: str) -> dict[str, Any]:
        """Push a commit to a branch and return its deployment once it is ready."""
        (self.checkout.folder / "index.html").write_text(text)
        self.checkout.commit(text)
        deployment = self.platform.follow(self.checkout.push(f"HEAD:refs/heads/{branch}"))
        assert deployment["state"] == "ready", self.platform.log(deployment)
        return deployment

    def open(self, branch: str) -> int:
        """Open a pull request and return its number."""
        answer = self._post("pulls", head=branch, base="main", title="A change")
        return int(answer.headers["location"].rpartition("/")[2])

    def act(self, number: int, action: str) -> None:
        """Press a button of the pull request's page."""
        self._post(f"pull/{number}", action=action)

    def deployments(self) -> list[dict[str, Any]]:
        """Return the project's deployments, newest first."""
        return list(self.platform.client.get("/deployments", project=self.name))

    def page(self, number: int) -> str:
        """Return the pull request's page."""
        return httpx.get(f"{self.address}/pull/{number}", trust_env=False).text

    def branch_site(self, branch: str) -> Site:
        """Return the site at the branch's hostname."""
        settings = self.platform.running.settings
        return self.platform.site(f"http://{self.name}-git-{branch}.{settings.sites_domain}:{settings.port}")

    def _post(self, path: str, **fields: str) -> httpx.Response:
        answer = httpx.post(f"{self.address}/{path}", data=fields, trust_env=False, timeout=30)
        assert answer.status_code == 303, answer.text
        return answer


@pytest.fixture
def desk(platform: Platform, request: pytest.FixtureRequest) -> Desk:
    """A desk with a repository of the test's own."""
    return Desk(platform, request.node.name.replace("test_", "").replace("_", "-"))


def is_gone(site: Site) -> bool:
    """Tell whether nothing is served there."""
    return site.get("/").status_code == 404


def test_closing_and_reopening(desk: Desk) -> None:
    """A closed pull request's preview is gone from its branch's address and inactive on GitHub; opened again it is
    back, and nothing was built for it."""
    preview = desk.push("next", "a preview")
    number = desk.open("next")
    site = desk.branch_site("next")
    until(lambda: site.get("/").text == "a preview")
    page = until(lambda: page if "Visit the preview" in (page := desk.page(number)) else None)
    assert preview["url"] in page
    own = desk.platform.site(preview["url"])
    desk.act(number, "close")
    until(lambda: is_gone(site))
    desk.platform.shown_deployment(desk.name, preview["sha"], "inactive")
    until(lambda: "Retired" in desk.page(number))
    assert "Visit the preview" not in desk.page(number)
    assert own.get("/").text == "a preview"
    assert desk.site.get("/").status_code == 200
    desk.act(number, "reopen")
    until(lambda: site.get("/").text == "a preview")
    desk.platform.shown_deployment(desk.name, preview["sha"], "success")
    until(lambda: "Visit the preview" in desk.page(number))
    assert len([each for each in desk.platform.client.get("/deployments") if each["sha"] == preview["sha"]]) == 1
    statuses, _ = desk.platform.on_github(desk.name, preview["sha"])
    assert [each["state"] for each in statuses] == ["success"]


def test_a_failed_build_is_explained(desk: Desk) -> None:
    """The end of its log is in the one comment, and the next commit's preview takes its place."""
    desk.checkout.git("checkout", "--quiet", "-b", "next")
    package = desk.checkout.folder / "package.json"
    package.write_text('{"name": "x", "version": "1.0.0", "scripts": {"build": "echo the-cause >&2; exit 1"}}')
    desk.checkout.commit()
    failed = desk.platform.follow(desk.checkout.push("HEAD:refs/heads/next"))
    assert failed["state"] == "failed"
    number = desk.open("next")
    page = until(lambda: page if "The end of the log" in (page := desk.page(number)) else None)
    assert "the-cause" in page
    package.unlink()
    desk.push("next", "mended")
    page = until(lambda: page if "Visit the preview" in (page := desk.page(number)) else None)
    assert "the-cause" not in page
    assert page.count("battleshiper: what this pull request deploys") <= 1


def test_merging(desk: Desk) -> None:
    """A merge retires the preview, and its build is live in production at once: the files are the same. So is a
    revert's."""
    preview = desk.push("next", "merged")
    number = desk.open("next")
    site = desk.branch_site("next")
    until(lambda: site.get("/").text == "merged")
    desk.act(number, "merge")
    until(lambda: is_gone(site))
    until(lambda: desk.site.get("/").text == "merged")
    live = next(each for each in desk.deployments() if each["environment"] == "production")
    reason = f"Same files as {preview['id']} ({preview['sha'][:7]}): its build is used."
    assert (live["state"], live["reason"], live["building_at"]) == ("ready", reason, None)
    statuses, _ = desk.platform.shown(desk.name, live["sha"], "success")
    assert [each["description"] for each in statuses] == [reason]
    desk.checkout.git("revert", "--no-edit", "HEAD")
    reverted = desk.platform.follow(desk.checkout.push("HEAD:main", "--force"))
    assert reverted["reason"].startswith("Same files as"), reverted
    until(lambda: desk.site.get("/").text == desk.first)


def test_the_comparison_follows_production(desk: Desk) -> None:
    """What a pull request changes is told against what production shows now."""
    first = desk.checkout.git("rev-parse", "HEAD")
    (desk.checkout.folder / "brand-new.html").write_text("new")
    desk.push("next", "a preview")
    number = desk.open("next")
    until(lambda: "1 route added, 1 changed" in desk.page(number))
    desk.checkout.git("checkout", "--quiet", "--detach", first)
    (desk.checkout.folder / "brand-new.html").write_text("new")
    desk.push("main", "a preview")
    until(lambda: "JavaScript as before" in (page := desk.page(number)) and "1 route added" not in page)
    desk.platform.client.post(f"/projects/{desk.name}/rollback")
    until(lambda: "1 route added, 1 changed" in desk.page(number))


def test_deleting_a_branch(desk: Desk) -> None:
    """A deleted branch has no preview, without any pull request; pushed again it has one."""
    desk.push("next", "first")
    site = desk.branch_site("next")
    until(lambda: site.get("/").text == "first")
    desk.checkout.push(":refs/heads/next")
    until(lambda: is_gone(site))
    desk.push("next", "second")
    until(lambda: site.get("/").text == "second")
