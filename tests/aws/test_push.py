"""A push on AWS: from GitHub's signed webhook to the site's answers, over every function and service in between."""

import json

import pytest
from aws.platform import PlatformOnAws
from e2e.harness import until

pytestmark = [pytest.mark.emulator, pytest.mark.sandbox, pytest.mark.registry]
_WORD = "export const GET = () => new Response(process.env.WORD ?? 'silence');\n"


def test_a_static_site(platform: PlatformOnAws) -> None:
    """A folder of files is pushed, and is there."""
    checkout = platform.checkout("plain")
    checkout.commit()
    sha = checkout.push()
    deployment = platform.follow(sha)
    assert deployment["state"] == "ready", (deployment["reason"], platform.log(deployment))
    page = platform.visit("plain")
    assert (page.status, page.body) == (200, b"<h1>plain</h1>")
    assert platform.visit("plain", "/nothing").status == 404
    platform.shown("plain", sha, "success")


def test_a_sveltekit_app(platform: PlatformOnAws) -> None:
    """An app as people write it: its page is rendered by the function, its form goes through the router, what it
    prerendered and its code are files, and the commit says where it is. Built again, it is told its variables."""
    checkout = platform.checkout("kit", "sveltekit3")
    (checkout.folder / "src/routes/word").mkdir()
    (checkout.folder / "src/routes/word/+server.js").write_text(_WORD)
    checkout.commit()
    sha = checkout.push()
    deployment = platform.follow(sha)
    assert deployment["state"] == "ready", (deployment["reason"], platform.log(deployment))
    page = platform.visit("kit", "/")
    assert page.status == 200
    assert b"<h1" in page.body
    written = platform.visit("kit", "/written")
    assert (written.status, written.header("cache-control")) == (200, "public, max-age=0, must-revalidate")
    posted = platform.visit("kit", "/api/json", "POST", '{"x":"ä"}'.encode(), {"content-type": "application/json"})
    assert (posted.status, json.loads(posted.body)) == (201, {"method": "POST", "got": {"x": "ä"}})
    missing = platform.visit("kit", "/nothing/here")
    assert missing.status == 404
    assert b"This site has no such page." in missing.body
    platform.shown("kit", sha, "success")
    assert platform.visit("kit", "/word").text == "silence"
    platform.http.put("/api/v1/projects/kit/variables/WORD?scope=production", content="said").raise_for_status()
    again = platform.http.post("/api/v1/projects/kit/redeploy").raise_for_status().json()
    told = platform.follow(sha)
    assert (told["id"], told["state"]) == (again["id"], "ready"), (told["reason"], platform.log(told))
    until(lambda: platform.visit("kit", "/word").text == "said")
