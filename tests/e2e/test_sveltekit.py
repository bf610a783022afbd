"""SvelteKit apps as people write them, without a line that knows the platform."""

import json
from typing import Any

import pytest

ALL_BYTES = bytes(range(256))


@pytest.fixture(scope="module")
def site(platform) -> Any:
    """A SvelteKit 3 app, whose `engine-strict` refuses the machine's own older Node."""
    return platform.ready(platform.checkout("kit3", "sveltekit3"))


def data_of(site: Any, **headers: str) -> dict[str, Any]:
    """Return what the app's server saw of a request for its first page."""
    answer = site.get("/__data.json", headers=headers)
    nodes = next(node["data"] for node in reversed(answer.json()["nodes"]) if node and node.get("data"))
    return {name: nodes[index] for name, index in nodes[0].items()}


def test_unmodified_sveltekit_2(platform) -> None:
    """An app exactly as `npx sv create` makes it deploys, hashed assets and all."""
    site = platform.ready(platform.checkout("kit2", "sveltekit2"))
    page = site.get("/")
    assert page.status_code == 200
    assert "Welcome to SvelteKit" in page.text
    assert site.get("/robots.txt").headers["content-type"].startswith("text/plain")
    assert site.get("/_app/immutable/nothing.js").headers["cache-control"] == "no-store"


def test_server_rendered_page(site) -> None:
    """A page is rendered afresh for every visitor, with the address that they see in their browser."""
    seen = data_of(site)
    assert seen["origin"] == f"http://{site.host}"
    assert seen["clientAddress"] == "127.0.0.1"
    assert data_of(site)["renderedAt"] != seen["renderedAt"]


def test_internal_headers_cannot_be_sent(site) -> None:
    """What a visitor says of itself in internal headers reaches nobody."""
    seen = data_of(
        site,
        **{"x-forwarded-for": "6.6.6.6", "x-forwarded-host": "evil.example", "x-forwarded-proto": "gopher"},
    )
    assert (seen["clientAddress"], seen["origin"]) == ("127.0.0.1", f"http://{site.host}")


def test_prerendered_page(site) -> None:
    """A prerendered page is a file; its other spelling leads to it."""
    page = site.get("/written")
    assert (page.status_code, page.headers["cache-control"]) == (200, "public, max-age=0, must-revalidate")
    assert site.get("/written/").status_code == 308


def test_dot_in_a_dynamic_route(site) -> None:
    """A dynamic route takes a parameter that looks like a file."""
    assert "report.v1.pdf" in site.get("/files/report.v1.pdf").text


def test_missing_page(site) -> None:
    """A page that does not exist is a 404 with the app's own error page."""
    answer = site.get("/nothing/here")
    assert answer.status_code == 404
    assert "This site has no such page." in answer.text


def test_json_endpoint(site) -> None:
    """An endpoint takes and gives JSON with every method, query and all."""
    assert site.get("/api/json?a=1&b=%20").json() == {"method": "GET", "query": "?a=1&b=%20", "text": "Größe 🚀"}
    posted = site.request("POST", "/api/json", json={"x": "ä"})
    assert (posted.status_code, posted.json()) == (201, {"method": "POST", "got": {"x": "ä"}})
    put = site.request("PUT", "/api/json", content=b"raw", headers={"content-type": "application/json"})
    assert put.json() == {"method": "PUT", "got": "raw"}
    own = {"origin": f"http://{site.host}"}
    assert site.request("DELETE", "/api/json", headers=own).status_code == 204


def test_binary_both_ways(site) -> None:
    """Every byte survives in both directions."""
    assert site.get("/api/bytes").content == ALL_BYTES
    octets = {"content-type": "application/octet-stream"}
    assert site.request("POST", "/api/echo", content=ALL_BYTES * 5000, headers=octets).content == ALL_BYTES * 5000


def test_several_cookies(site) -> None:
    """Every Set-Cookie survives, and cookies come back."""
    answer = site.get("/api/cookies", headers={"cookie": "a=1; b=2"})
    assert answer.text == "a=1\nb=2"
    assert [cookie.split("=")[0] for cookie in answer.headers.get_list("set-cookie")] == ["first", "second", "third"]


def test_streaming(site) -> None:
    """A streamed answer arrives piece by piece."""
    with site.http.stream("GET", f"http://127.0.0.1:{site.port}/api/stream", headers={"host": site.host}) as answer:
        pieces = [piece for piece in answer.iter_raw() if piece]
    assert b"".join(pieces) == b"one\ntwo\nthree\n"
    assert len(pieces) >= 3


def test_form_action(site) -> None:
    """The site's own form works without JavaScript; a form on somebody else's page is refused."""
    own = {"origin": f"http://{site.host}", "accept": "text/html"}
    answer = site.request("POST", "/form?/greet", data={"name": "Ada"}, headers=own)
    assert "Hello Ada" in answer.text
    left = site.request("POST", "/form?/leave", data={"x": ""}, headers=own)
    assert (left.status_code, left.headers["location"]) == (303, "/")
    foreign = site.request("POST", "/form?/greet", data={"name": "Eve"}, headers={"origin": "http://evil.example"})
    assert foreign.status_code == 403


def test_node(site) -> None:
    """The server runs with a Node that the app can live with, whatever the machine has."""
    major, minor, _ = (int(part) for part in site.get("/api/node").text.split("."))
    assert (major, minor) >= (22, 17)


def test_broken_endpoint(site) -> None:
    """An endpoint that throws is a 500 of the app's, and the next request is answered."""
    assert site.get("/broken").status_code == 500
    assert site.get("/api/json").status_code == 200


def test_server_log(platform, site) -> None:
    """What the app's server says of a fault is in the server log."""
    site.get("/broken")
    deployment = platform.client.get("/deployments", project="kit3")[0]
    lines = platform.client.get(f"/deployments/{deployment['id']}/logs/server")["lines"]
    assert "broken on purpose" in json.dumps(lines)
