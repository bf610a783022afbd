"""Files, as a browser sees them."""

import gzip
import os
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # it publishes no types
import pytest

from .conftest import RunningEdge, World

PAGE = b"<h1>hello</h1>" * 100
HASHED = "client/_app/immutable/chunks/x.Ab3.js"
FILES = {
    "client/_app/version.json": b"{}",
    HASHED: b"export const x = 1;" * 100,
    "client/favicon.png": bytes(range(256)),
    "client/docs/index.html": b"docs",
    "client/data.bin": b"x" * 3_000_000 + b"end",
    "client/empty.txt": b"",
    "prerendered/index.html": PAGE,
    "prerendered/about.html": b"about",
    "prerendered/404.html": b"the site's own 404",
}


@pytest.fixture(autouse=True)
def _site(world: World) -> None:
    world.publish("site", FILES)


def test_page_is_sent_with_all_its_headers(edge: RunningEdge) -> None:
    """A page has its type, must be asked for again, has a strong entity tag and a date."""
    answer = edge.get("site", "/")
    assert answer.status_code == 200
    assert answer.content == PAGE
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=0, must-revalidate"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["etag"].startswith('"')
    assert "last-modified" in answer.headers
    assert "x-robots-tag" not in answer.headers


def test_hashed_files_are_kept_for_a_year(edge: RunningEdge) -> None:
    """A file whose name changes with its content never has to be asked for again."""
    answer = edge.get("site", "/_app/immutable/chunks/x.Ab3.js")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"


def test_missing_hashed_files_are_not_kept(edge: RunningEdge) -> None:
    """A chunk of another deployment is a 404 that nobody may keep."""
    answer = edge.get("site", "/_app/immutable/chunks/old.js")
    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "location"),
    [("/about/", "/about"), ("/docs", "/docs/"), ("/docs?a=1&b=%2F", "/docs/?a=1&b=%2F")],
)
def test_trailing_slashes_are_redirected(edge: RunningEdge, path: str, location: str) -> None:
    """The other spelling of an address leads to the one that the site was built with; the query stays."""
    answer = edge.get("site", path)
    assert answer.status_code == 308
    assert answer.headers["location"] == location


@pytest.mark.parametrize(
    ("path", "body"),
    [("/about", b"about"), ("/about.html", b"about"), ("/docs/", b"docs"), ("/docs/index.html", b"docs")],
)
def test_clean_addresses(edge: RunningEdge, path: str, body: bytes) -> None:
    """A page answers at its clean address and at its file's name."""
    answer = edge.get("site", path)
    assert (answer.status_code, answer.content) == (200, body)


def test_own_404_page_has_status_404(edge: RunningEdge) -> None:
    """What is not there is answered with the site's own page, which nobody keeps or cuts."""
    answer = edge.get("site", "/nowhere", range="bytes=0-3", if_none_match="*")
    assert answer.status_code == 404
    assert answer.content == b"the site's own 404"
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers


def test_site_without_a_404_page_gets_a_plain_one(edge: RunningEdge, world: World) -> None:
    """The edge has a page of its own."""
    world.publish("bare", {"client/index.html": b"x"})
    answer = edge.get("bare", "/nowhere")
    assert answer.status_code == 404
    assert "There is no page at this address." in answer.text


def test_single_page_app_answers_everywhere(edge: RunningEdge, world: World) -> None:
    """Unknown addresses get the fallback with 200, but a missing script of another build is a 404."""
    world.publish("spa", {"client/index.html": b"app", "client/assets/a-Bc3dEf9h.js": b""}, fallback="index.html")
    assert edge.get("spa", "/deep/link").content == b"app"
    assert edge.get("spa", "/deep/link").status_code == 200
    assert edge.get("spa", "/assets/a-Bc3dEf9h.js").headers["cache-control"].endswith("immutable")
    missing = edge.get("spa", "/assets/a-Zz9yXx8w.js")
    assert (missing.status_code, missing.headers["cache-control"]) == (404, "no-store")


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_compression(edge: RunningEdge, encoding: str) -> None:
    """Text is compressed as the client likes, under an entity tag of its own."""
    plain = edge.get("site", "/")
    first = edge.request("GET", "site", "/", headers={"accept-encoding": encoding})
    again = edge.request("GET", "site", "/", headers={"accept-encoding": encoding})
    for answer in (first, again):
        assert answer.headers["content-encoding"] == encoding
        assert answer.content == PAGE  # httpx has undone it
        assert int(answer.headers["content-length"]) < len(PAGE)
        assert answer.headers["etag"] != plain.headers["etag"]
        assert answer.headers["vary"] == plain.headers["vary"] == "accept-encoding"


def test_raw_compressed_bytes(edge: RunningEdge) -> None:
    """The bytes on the wire are really compressed."""
    for encoding, undo in ((b"br", brotli.decompress), (b"gzip", gzip.decompress)):
        raw = edge.raw_get(b"/", b"host: site.localhost", b"accept-encoding: " + encoding)
        assert undo(raw.partition(b"\r\n\r\n")[2]) == PAGE


def test_images_and_small_files_are_not_compressed(edge: RunningEdge) -> None:
    """What would not get smaller is sent as it is."""
    for path in ("/favicon.png", "/about", "/empty.txt"):
        answer = edge.request("GET", "site", path, headers={"accept-encoding": "br, gzip"})
        assert answer.status_code == 200
        assert "content-encoding" not in answer.headers


def test_unchanged_file_costs_no_body(edge: RunningEdge) -> None:
    """If-None-Match and, without it, an equal If-Modified-Since are answered with 304."""
    answer = edge.get("site", "/")
    tag, date = answer.headers["etag"], answer.headers["last-modified"]
    for headers in ({"if_none_match": tag}, {"if_none_match": f'"x", W/{tag}'}, {"if_modified_since": date}):
        unchanged = edge.get("site", "/", **headers)
        assert (unchanged.status_code, unchanged.content) == (304, b"")
        assert unchanged.headers["etag"] == tag
        assert unchanged.headers["cache-control"] == answer.headers["cache-control"]
        assert "content-length" not in unchanged.headers
    assert edge.get("site", "/", if_none_match='"other"', if_modified_since=date).status_code == 200


def test_rollback_is_seen_by_clients_with_a_newer_date(edge: RunningEdge) -> None:
    """An older file replaces a newer one, so a later If-Modified-Since is no reason for 304."""
    assert edge.get("site", "/", if_modified_since="Fri, 01 Jan 2100 00:00:00 GMT").status_code == 200


@pytest.mark.parametrize("path", ["/favicon.png", "/data.bin"])
def test_ranges(edge: RunningEdge, path: str) -> None:
    """One part of a file, from memory or from disk, is sent as asked for."""
    whole = edge.get("site", path).content
    for value, part in (
        ("bytes=0-9", whole[:10]),
        ("bytes=100-", whole[100:]),
        ("bytes=-5", whole[-5:]),
        (f"bytes=10-{10**15}", whole[10:]),
    ):
        answer = edge.request("GET", "site", path, headers={"range": value, "accept-encoding": "br"})
        assert (answer.status_code, answer.content) == (206, part)
        assert answer.headers["content-range"].endswith(f"/{len(whole)}")
        assert "content-encoding" not in answer.headers


def test_ranges_that_are_ignored_or_refused(edge: RunningEdge) -> None:
    """Several parts and nonsense get the whole file, a part behind the end gets 416."""
    for value in ("bytes=0-1,4-5", "lines=0-1", "bytes=5-2", "bytes=-", "bytes=a-b"):
        assert edge.get("site", "/favicon.png", range=value).status_code == 200
    refused = edge.get("site", "/favicon.png", range="bytes=256-")
    assert refused.status_code == 416
    assert refused.headers["content-range"] == "bytes */256"
    assert edge.get("site", "/empty.txt", range="bytes=0-0").status_code == 416


def test_if_range(edge: RunningEdge) -> None:
    """A part is only sent of the very file that the client has begun to load."""
    tag = edge.get("site", "/favicon.png").headers["etag"]
    assert edge.get("site", "/favicon.png", range="bytes=0-1", if_range=tag).status_code == 206
    assert edge.get("site", "/favicon.png", range="bytes=0-1", if_range='"old"').status_code == 200


@pytest.mark.parametrize("path", ["/", "/data.bin", "/nowhere", "/docs", "/nope/../x"])
def test_head_is_get_without_a_body(edge: RunningEdge, path: str) -> None:
    """HEAD has the status and the headers of GET."""
    get, head = edge.get("site", path), edge.request("HEAD", "site", path)
    assert head.content == b""
    assert head.status_code == get.status_code
    for name in ("content-length", "content-type", "etag", "location"):
        assert head.headers.get(name) == get.headers.get(name)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_static_sites_can_only_be_read(edge: RunningEdge, method: str) -> None:
    """Other methods are refused, with the ones that work."""
    answer = edge.request(method, "site", "/")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"


def test_previews_are_kept_out_of_search_engines(edge: RunningEdge, world: World) -> None:
    """Every answer of a preview says so, whole, cut or unchanged."""
    world.publish("preview", FILES, noindex=True)
    tag = edge.get("preview", "/").headers["etag"]
    answers = [
        edge.get("preview", "/"),
        edge.get("preview", "/", if_none_match=tag),
        edge.get("preview", "/favicon.png", range="bytes=0-1"),
        edge.get("preview", "/nowhere"),
    ]
    assert [answer.status_code for answer in answers] == [200, 304, 206, 404]
    assert all(answer.headers["x-robots-tag"] == "noindex" for answer in answers)


def test_flip_of_an_alias_is_seen_at_once(edge: RunningEdge, world: World) -> None:
    """What was remembered about a deployment is not used for another one, and a rollback brings the old one back."""
    first = world.store["site"]
    assert edge.get("site", "/").content == PAGE
    world.publish("site", {"client/index.html": b"second"}, deployment="site2")
    assert edge.get("site", "/").content == b"second"
    world.store["site"] = first
    assert edge.get("site", "/").content == PAGE
    del world.store["site"]
    assert edge.get("site", "/").status_code == 404


def test_names_with_percent_and_unicode(edge: RunningEdge, world: World) -> None:
    """A path is decoded once, and either Unicode form finds the file."""
    world.publish("odd", {"client/100%25 \u00e9.txt": b"odd", "client/a+b&c;d=e,(f)'g.txt": b"plus"})
    for path in ("/100%2525%20%C3%A9.txt", "/100%2525%20e%CC%81.txt"):
        assert edge.get("odd", path).content == b"odd"
    assert edge.get("odd", "/a+b&c;d=e,(f)'g.txt").content == b"plus"
    assert edge.get("odd", "/a%2Bb%26c%3Bd%3De%2C%28f%29%27g.txt").content == b"plus"


def test_links_and_fifos_among_the_objects_are_not_followed(edge: RunningEdge, world: World, tmp_path: Path) -> None:
    """Whatever lies among the objects: only regular files reached through real folders are sent."""
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "file").write_bytes(b"secret")
    world.publish("links", {"client/link": b"", "client/folder/file": b"", "client/fifo": b"", "client/dir": b""})
    client = world.objects / f"sites/{world.project}/links1/client"
    for name in ("link", "fifo", "dir", "folder/file"):
        (client / name).unlink()
    (client / "folder").rmdir()
    (client / "link").symlink_to(secret / "file")
    (client / "folder").symlink_to(secret)
    (client / "dir").mkdir()
    os.mkfifo(client / "fifo")
    for path in ("/link", "/folder/file", "/fifo", "/dir"):
        answer = edge.get("links", path)
        assert (answer.status_code, b"secret" in answer.content) == (404, False)


def test_store_that_fails_gives_a_clean_503(edge: RunningEdge, world: World) -> None:
    """Without the route store nobody is told that the site is not there."""
    world.broken = True
    answer = edge.get("site", "/")
    assert answer.status_code == 503
    assert "try again" in answer.text
    world.broken = False
    assert edge.get("site", "/").status_code == 200
