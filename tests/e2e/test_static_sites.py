"""Sites without a server: plain files, and what a bundler makes."""

import re


def test_plain_html(platform) -> None:
    """A folder of HTML files is served as it is, with clean addresses, its own 404 page and nothing else."""
    checkout = platform.checkout("plain", "plain-html")
    site = platform.ready(checkout)
    assert site.get("/").status_code == 200
    assert site.get("/about").text == (checkout.folder / "about.html").read_text()
    missing = site.get("/nothing")
    assert missing.status_code == 404
    assert missing.text == (checkout.folder / "404.html").read_text()
    picture = site.get("/square.png")
    assert picture.headers["content-type"] == "image/png"
    assert picture.content == (checkout.folder / "square.png").read_bytes()
    assert site.get("/.git/config").status_code == 404


def test_conditional_and_partial_requests(platform) -> None:
    """A file answers with an ETag, 304 to who has it, a part to who wants one, and its length to HEAD."""
    checkout = platform.checkout("partial", "plain-html")
    site = platform.ready(checkout)
    whole = site.get("/square.png")
    assert site.get("/square.png", headers={"if-none-match": whole.headers["etag"]}).status_code == 304
    part = site.get("/square.png", headers={"range": "bytes=2-5"})
    assert (part.status_code, part.content) == (206, whole.content[2:6])
    assert site.get("/square.png", headers={"range": "bytes=99999999-"}).status_code == 416
    head = site.request("HEAD", "/square.png")
    assert (int(head.headers["content-length"]), head.content) == (len(whole.content), b"")


def test_vite(platform) -> None:
    """A Vite site's hashed assets may be kept for ever, its pages must be asked for again."""
    site = platform.ready(platform.checkout("vite", "vite-static"))
    page = site.get("/")
    asset = re.search(r'src="(/assets/[^"]+\.js)"', page.text)
    assert asset is not None
    assert page.headers["cache-control"] == "public, max-age=0, must-revalidate"
    assert site.get(asset.group(1)).headers["cache-control"] == "public, max-age=31536000, immutable"


def test_preview(platform) -> None:
    """Another branch is a preview: its own address, kept out of search engines, production untouched."""
    checkout = platform.checkout("previewed", "plain-html")
    production = platform.ready(checkout)
    before = production.get("/").text
    (checkout.folder / "index.html").write_text("<h1>preview</h1>")
    checkout.git("checkout", "--quiet", "-b", "feat/größer")
    preview = platform.ready(checkout, "HEAD:feat/größer")
    assert preview.get("/").text == "<h1>preview</h1>"
    assert preview.get("/").headers["x-robots-tag"] == "noindex"
    assert production.get("/").text == before
    assert "x-robots-tag" not in production.get("/").headers


def test_rollback(platform) -> None:
    """A rollback brings the earlier files back without a build."""
    checkout = platform.checkout("rolled", "plain-html")
    site = platform.ready(checkout)
    before = site.get("/").text
    (checkout.folder / "index.html").write_text("<h1>worse</h1>")
    platform.ready(checkout)
    assert site.get("/").text == "<h1>worse</h1>"
    platform.client.post("/projects/rolled/rollback")
    assert site.get("/").text == before


def test_status_and_deployment_on_the_commit(platform) -> None:
    """GitHub shows a successful status and a Deployment, both leading to the site."""
    checkout = platform.checkout("reported", "plain-html")
    deployment = platform.deploy(checkout)
    statuses, shown = platform.shown("reported", deployment["sha"], "success")
    assert [status["context"] for status in statuses] == ["battleshiper/reported"]
    assert statuses[0]["target_url"] == deployment["url"]
    assert (shown["environment"], shown["environment_url"]) == ("production", deployment["url"])
