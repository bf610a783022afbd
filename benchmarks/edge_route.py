"""`edge_route`: decisions a second of the edge function, in our local edge and in Node, on the same requests and the
same route store. One process each, with nothing remembered from one request to the next."""

import json
import subprocess
from pathlib import Path
from time import perf_counter

from battleshiper.edge.local.engine import Engine
from battleshiper.edge.source import viewer_request
from battleshiper.platform.model.manifest import Manifest, ManifestFile
from battleshiper.platform.model.route import compile_site
from benchmarks.figure import Figure

_ROUNDS = 20_000
_BASELINE = Path(__file__).parent / "baseline" / "edge_route.mjs"
_HEADERS = (
    (b"host", b"hello.localhost"),
    (b"accept", b"text/html,*/*;q=0.8"),
    (b"accept-encoding", b"gzip, deflate, br"),
    (b"user-agent", b"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0"),
)
_PATHS = ("/", "/about", "/favicon.svg", "/_app/immutable/chunks/B8c9dE.js", "/blog/a-page-of-the-server")


def measure_edge_route() -> Figure:
    """Measure a page of the server, prerendered pages, a file and a hashed file in turn."""
    source = viewer_request("localhost")
    store = _store()
    engine = Engine(source, store.get)
    _run(engine, _ROUNDS // 10)
    ours = _run(engine, _ROUNDS)
    given = {"source": source, "store": store, "paths": _PATHS, "rounds": _ROUNDS, "headers": _event_headers()}
    done = subprocess.run(
        ["node", str(_BASELINE)], input=json.dumps(given), capture_output=True, text=True, check=True, timeout=120
    )
    return Figure("edge_route", ours, float(done.stdout), "calls/s")


def _run(engine: Engine, rounds: int) -> float:
    start = perf_counter()
    for _ in range(rounds):
        for path in _PATHS:
            engine.decide("GET", path, "", _HEADERS, "203.0.113.7")
    return rounds * len(_PATHS) / (perf_counter() - start)


def _store() -> dict[str, str]:
    names = ["prerendered/about.html", "client/favicon.svg", "client/_app/immutable/chunks/B8c9dE.js"]
    names += [f"client/images/{number}.webp" for number in range(500)]
    files = tuple(ManifestFile(path=name, bytes=1, sha256="0" * 64, content_type="text/plain") for name in names)
    site = compile_site(Manifest(files=files), project_id="p", deployment_id="d", function="p-d", spa_fallback=None)
    return {**site.tables, "hello": site.record(noindex=False)}


def _event_headers() -> dict[str, dict[str, str]]:
    return {name.decode(): {"value": value.decode()} for name, value in _HEADERS}
