"""`static` and `ssr`: requests a second for a hashed script and for a page rendered on the server, asked for as
browsers do, over our edge and from `node build` of SvelteKit's adapter-node."""

import re
from collections.abc import Callable

import httpx

from benchmarks.figure import Figure
from benchmarks.load.choice import choose_load
from benchmarks.load.throughput import Load, RefusedError
from benchmarks.requests import get
from benchmarks.site import Site, baseline_site, our_site

_SECONDS = 5.0
_CONNECTIONS = 32
_LIKE_A_BROWSER = {"Accept": "text/html,*/*;q=0.8", "Accept-Encoding": "gzip, deflate, br"}
_SCRIPT = re.compile(r"_app/immutable/[\w/.-]+\.js")


def measure_static() -> Figure:
    """Measure the page's largest script, whose name changes with its content."""
    return _measure("static", _largest_script)


def measure_ssr() -> Figure:
    """Measure the first page."""
    return _measure("ssr", lambda _: "/")


def _largest_script(site: Site) -> str:
    scripts = {f"/{name}" for name in _SCRIPT.findall(_look(site, "/"))}
    if not scripts:
        raise RefusedError(f"{site.host} serves another page than the demo's.")
    return max(scripts, key=lambda path: len(_look(site, path)))


def _look(site: Site, path: str) -> str:
    answer = httpx.get(f"{site.address}{path}", headers={**_LIKE_A_BROWSER, "Host": site.host}, trust_env=False)
    if answer.status_code != 200:
        raise RefusedError(f"{site.host}{path} answers {answer.status_code}.")
    return answer.text


def _measure(name: str, path_of: Callable[[Site], str]) -> Figure:
    load = choose_load()
    with our_site() as site:
        ours = _ask(load, site, path_of(site))
    with baseline_site() as site:
        baseline = _ask(load, site, path_of(site))
    return Figure(name, ours, baseline, "requests/s")


def _ask(load: Load, site: Site, path: str) -> float:
    _look(site, path)
    requests = get(site.host, path, _LIKE_A_BROWSER)
    load.measure(site.address, requests, connections=_CONNECTIONS, seconds=1)  # both sides compile what is used often
    return load.measure(site.address, requests, connections=_CONNECTIONS, seconds=_SECONDS).per_second
