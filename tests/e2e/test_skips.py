"""Pushes that are not to be built: what they leave on GitHub, and what they leave alone."""

import httpx
from e2e.harness import until

REASON = "Skipped: the commit message says [skip ci]"


def test_skip_by_message(platform) -> None:
    """The commit's page shows one check that has passed, with the reason; the site stays, until a redeploy."""
    checkout = platform.checkout("skipping", "plain-html")
    site = platform.ready(checkout)
    before = site.get("/").text
    (checkout.folder / "index.html").write_text("changed")
    checkout.commit("Change a word\n\n[Skip CI]")
    skipped = platform.follow(checkout.push())
    assert (skipped["state"], skipped["reason"]) == ("skipped", REASON)
    running = platform.running
    address = f"{running.github.url}/{running.repository_name('skipping')}/commit/{skipped['sha']}"
    page = until(lambda: page if REASON in (page := httpx.get(address, trust_env=False).text) else None)
    assert "All checks have passed" in page
    assert "View deployment" not in page
    statuses, deployment = platform.on_github("skipping", skipped["sha"])
    assert [(each["context"], each["state"], each["description"]) for each in statuses] == [
        ("battleshiper/skipping", "success", REASON)
    ]
    assert deployment is None
    assert site.get("/").text == before
    delivery = next(each for each in platform.client.get("/deliveries") if each["event"].startswith("push"))
    assert [(each["verdict"], each["reason"]) for each in delivery["decisions"]] == [("skip", REASON)]
    platform.client.post("/projects/skipping/redeploy", deployment=skipped["id"])
    built = platform.follow(skipped["sha"], number=2)
    assert built["state"] == "ready", platform.log(built)
    until(lambda: site.get("/").text == "changed")
    platform.shown("skipping", skipped["sha"], "success")


def test_skip_by_paths(platform) -> None:
    """A change that does not matter ends as skipped on GitHub, on the production branch and on a new one; the next
    one that matters brings everything."""
    checkout = platform.checkout("picky", "plain-html")
    (checkout.folder / "battleshiper.toml").write_text('paths = ["*.html"]\n')
    site = platform.ready(checkout)
    live = checkout.git("rev-parse", "HEAD")
    reason = f"Skipped: nothing in the paths of battleshiper.toml changed since {live[:7]}, which is live"
    (checkout.folder / "notes.md").write_text("not yet served")
    for ref in ("HEAD:main", "HEAD:refs/heads/feature"):
        checkout.commit()
        skipped = platform.follow(checkout.push(ref))
        assert (skipped["state"], skipped["reason"]) == ("skipped", reason), platform.log(skipped)
        (checkout.folder / "notes.md").write_text("nor this")
    assert site.get("/notes.md").status_code == 404
    statuses = until(lambda: _ended(platform.on_github("picky", skipped["sha"])))
    assert [(each["state"], each["description"]) for each in statuses] == [("success", reason)]
    (checkout.folder / "index.html").write_text("changed")
    assert platform.ready(checkout).get("/").text == "changed"
    assert site.get("/notes.md").text == "nor this"


def _ended(shown):
    statuses, deployment = shown
    return statuses if deployment and deployment["state"] == "inactive" else None
