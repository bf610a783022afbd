"""Sites' own pages for what is missing."""

import base64
from typing import Any

from battleshiper.edge.router.handler import Handler
from battleshiper.edge.router.reply import Reply

from .conftest import FakeLambda, FakeS3, event_of

KEY = "sites/shop/d1/client/404.html"


def _ask(handle: Handler, path: str = f"/{KEY}", **headers: str) -> Reply:
    return handle(event_of(path, "GET", None, x_battleshiper_status="404", **headers), None)


def test_page_of_the_site_comes_with_404(handle: Handler, objects: FakeS3, functions: FakeLambda) -> None:
    """The visitor sees the site's page, which nobody keeps, and search engines see that there is nothing."""
    objects.objects[KEY] = "Nothing here, sorry: \u00e9".encode()
    reply = _ask(handle)
    assert reply["statusCode"] == 404
    assert base64.b64decode(reply["body"]) == objects.objects[KEY]
    assert reply["isBase64Encoded"] is True
    assert reply["headers"] == {
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    }
    assert functions.invoked == []


def test_page_of_a_preview_is_marked(handle: Handler, objects: FakeS3) -> None:
    """CloudFront's own function does not run for errors, so the router says it."""
    objects.objects[KEY] = b"x"
    assert _ask(handle, x_battleshiper_robots="noindex")["headers"]["x-robots-tag"] == "noindex"


def test_key_is_decoded_once(handle: Handler, objects: FakeS3) -> None:
    """The path is encoded as the edge function encodes keys."""
    objects.objects["sites/shop/d1/client/\u00e9 +%41.html"] = b"x"
    assert _ask(handle, "/sites/shop/d1/client/%C3%A9%20%2B%2541.html")["headers"].get("x-content-type-options")


def test_plain_page_where_the_sites_own_cannot_be_had(handle: Handler, objects: FakeS3) -> None:
    """A page that is gone, too large for a reply, or not below the sites is a plain 404."""
    large: dict[str, Any] = {KEY: b"x" * (4 * 1024**2 + 1)}
    for found, path in (({}, f"/{KEY}"), (large, f"/{KEY}"), ({"other/x": b"secret"}, "/other/x")):
        objects.objects = found
        reply = _ask(handle, path)
        assert reply["statusCode"] == 404
        assert "There is no page at this address." in reply["body"]
