"""The local edge in front of the real program that runs functions."""

import hashlib
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from .conftest import RunningEdge, World

BOOTSTRAP = Path(__file__).parents[3] / "edge/bootstrap/local.mjs"
FUNCTION = """
export async function fetch(request, info) {
  const url = new URL(request.url);
  if (url.pathname === '/die') process.exit(1);
  if (url.pathname === '/binary') return new Response(await request.arrayBuffer());
  const headers = new Headers({ 'content-type': 'application/json' });
  headers.append('set-cookie', 'a=1');
  headers.append('set-cookie', 'b=2');
  const sameOrigin = request.headers.get('origin') === url.origin;
  return new Response(JSON.stringify({ url: request.url, address: info.clientAddress, sameOrigin }), { headers });
}
"""


@pytest.fixture
def _function(world: World, tmp_path: Path) -> Iterator[None]:
    (tmp_path / "index.mjs").write_text(FUNCTION)
    path = tmp_path / "s"
    world.publish("app", {"client/logo.svg": b"<svg/>"}, function="fn")
    with subprocess.Popen(["node", BOOTSTRAP, tmp_path, path]) as process:
        while not path.exists():
            assert process.poll() is None
            time.sleep(0.01)
        world.hosts.sockets["fn"] = path
        yield
        process.kill()


@pytest.mark.usefixtures("_function")
def test_site_learns_its_own_address_and_its_visitors(edge: RunningEdge) -> None:
    """The app sees the address in the browser's address bar, so forms from this origin can be told from others."""
    headers = {"origin": "http://app.localhost:8787", "x-forwarded-for": "6.6.6.6", "x-forwarded-proto": "https"}
    for method, path in (("GET", "/a%2Fb?x=1"), ("POST", "/form?/save")):
        seen = edge.request(method, "app", path, headers=headers)
        assert seen.json() == {"url": f"http://app.localhost:8787{path}", "address": "127.0.0.1", "sameOrigin": True}
        assert seen.headers.get_list("set-cookie") == ["a=1", "b=2"]
    other = edge.request("POST", "app", "/form", headers={**headers, "origin": "http://evil.localhost:8787"})
    assert other.json()["sameOrigin"] is False


@pytest.mark.usefixtures("_function")
def test_bytes_go_there_and_back(edge: RunningEdge) -> None:
    """Five megabytes of every byte arrive unharmed."""
    body = bytes(range(256)) * 20_000
    got = edge.request("PUT", "app", "/binary", content=body)
    assert hashlib.sha256(got.content).digest() == hashlib.sha256(body).digest()


@pytest.mark.usefixtures("_function")
def test_process_that_dies_is_a_502(edge: RunningEdge) -> None:
    """Whoever was waiting learns that the function failed, and so does the next visitor."""
    assert edge.get("app", "/die").status_code == 502
    assert edge.get("app", "/x").status_code == 502
    assert edge.get("app", "/logo.svg").status_code == 200
