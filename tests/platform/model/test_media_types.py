"""Media types and how long files are kept."""

import pytest

from battleshiper.platform.model.freshness import IMMUTABLE, REVALIDATE, cache_control
from battleshiper.platform.model.media_type import is_compressible, media_type


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a/index.html", "text/html; charset=utf-8"),
        ("x.JS", "text/javascript; charset=utf-8"),
        ("x.tar.gz", "application/gzip"),
        ("photo.jpeg", "image/jpeg"),
        ("module.wasm", "application/wasm"),
        ("folder.html/LICENSE", "text/plain; charset=utf-8"),
        ("folder.css/file", "application/octet-stream"),
        ("page.html.bak", "application/octet-stream"),
        ("noending", "application/octet-stream"),
        (".well-known/apple-app-site-association", "application/json"),
        ("x.unheard-of", "application/octet-stream"),
        (".well-known/assetlinks.json", "application/json"),
    ],
)
def test_media_types(path: str, expected: str) -> None:
    """The extension decides, text says that it is UTF-8, and what is unknown is bytes."""
    assert media_type(path) == expected


def test_what_is_compressed() -> None:
    """Text gets smaller, pictures do not."""
    assert is_compressible("text/html; charset=utf-8")
    assert is_compressible("image/svg+xml")
    assert not is_compressible("image/png")
    assert not is_compressible("application/octet-stream")


@pytest.mark.parametrize(
    "path",
    [
        "client/_app/immutable/entry/start.DqW1.js",
        "client/base/_app/immutable/assets/x.css",
        "client/other/immutable/chunks/x.js",
        "client/assets/index-DiwrgTda.js",
        "client/docs/assets/index-B2xQ_-9k.css",
        "client/assets/logo-Ab3dEf9_.svg",
    ],
)
def test_hashed_names_are_kept_for_a_year(path: str) -> None:
    """SvelteKit's and Vite's hashed files never change."""
    assert cache_control(path) == IMMUTABLE


@pytest.mark.parametrize(
    "path",
    [
        "client/index.html",
        "client/favicon.png",
        "client/assets/photo-Portrait.jpg",
        "client/assets/scan-20240131.png",
        "client/assets/my-template.html",
        "client/assets/template.js",
        "client/assets/my-controls.js",
        "client/assets/IMG-IMG_2034.jpg",
        "client/immutable/x.js",
        "client/_app/version.json",
        "client/photos/immutable/x.jpg",
    ],
)
def test_other_names_are_asked_for_again(path: str) -> None:
    """What only looks a little like a hash must not be pinned for a year."""
    assert cache_control(path) == REVALIDATE
