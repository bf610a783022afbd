"""Pushes that are not to be built, on AWS: by their message, and by what they change."""

from typing import Any

import pytest
from aws.platform import PlatformOnAws
from e2e.harness import until

from battleshiper.infra.local.demo.github import GitHubView

pytestmark = [pytest.mark.emulator, pytest.mark.sandbox]


def test_skips(platform: PlatformOnAws) -> None:
    """Each ends its commit with a success that says why, and the site stays; a marked push takes no machine at all,
    and a redeploy builds what was skipped."""
    checkout = platform.checkout("calm")
    (checkout.folder / "battleshiper.toml").write_text('paths = ["*.html"]\n')
    checkout.commit()
    live = checkout.push()
    assert platform.follow(live)["state"] == "ready"
    builds = len(platform.batch.jobs())

    (checkout.folder / "index.html").write_text("<h1>marked</h1>")
    checkout.commit("Not yet [skip ci]")
    marked = platform.follow(checkout.push())
    assert (marked["state"], len(platform.batch.jobs())) == ("skipped", builds)
    ends_with(platform, marked, "Skipped: the commit message says [skip ci]")

    checkout.git("reset", "--quiet", "--hard", live)
    (checkout.folder / "notes.md").write_text("of no matter")
    checkout.commit()
    unchanged = platform.follow(checkout.push("HEAD:main", "--force"))
    reason = f"Skipped: nothing in the paths of battleshiper.toml changed since {live[:7]}, which is live"
    assert unchanged["state"] == "skipped", (unchanged["reason"], platform.log(unchanged))
    ends_with(platform, unchanged, reason)
    assert platform.visit("calm").text == "<h1>calm</h1>"

    platform.http.post(f"/api/v1/projects/calm/redeploy?deployment={marked['id']}").raise_for_status()
    until(lambda: platform.visit("calm").text == "<h1>marked</h1>", 120)


def ends_with(platform: PlatformOnAws, deployment: dict[str, Any], reason: str) -> None:
    """Wait until GitHub shows the deployment's commit with this end."""
    github = GitHubView(platform.standin.github, "me/calm")
    expected = [("battleshiper/calm", "success", reason)]
    try:
        until(
            lambda: (
                [
                    (status["context"], status["state"], status["description"])
                    for status in github.statuses(deployment["sha"])
                ]
                == expected
            )
        )
    finally:
        github.close()
