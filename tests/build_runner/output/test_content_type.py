"""Content types by file name."""

import pytest

from battleshiper.build_runner.output.content_type import content_type


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("index.html", "text/html; charset=utf-8"),
        ("a/b.JS", "text/javascript; charset=utf-8"),
        ("x.json", "application/json"),
        ("logo.svg", "image/svg+xml; charset=utf-8"),
        ("f.woff2", "font/woff2"),
        ("archive.tar.gz", "application/gzip"),
        ("noending", "application/octet-stream"),
        ("page.html.bak", "application/octet-stream"),
        ("folder.css/file", "application/octet-stream"),
        (".well-known/apple-app-site-association", "application/json"),
    ],
)
def test_types(path: str, expected: str) -> None:
    """Text says that it is UTF-8; what is unknown is bytes."""
    assert content_type(path) == expected
