"""The edge function against a plain description of what it should do, for sites and requests of every kind."""

import unicodedata
from urllib.parse import quote, unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from battleshiper.edge.local import engine as engine_module
from battleshiper.edge.local.decision import Answer, Decision, Invoke, ServeObject
from battleshiper.edge.local.engine import EdgeFunctionError, Engine
from battleshiper.edge.local.page import page
from battleshiper.edge.source import viewer_request
from battleshiper.platform.model.manifest import PathRefusedError, check_paths
from battleshiper.platform.model.route import compile_site

from .conftest import manifest_of

PREFIX = "sites/shop/d1/"

_names = st.sampled_from(
    [
        "a",
        "b",
        "index",
        "a.html",
        "index.html",
        ".html",
        "é",
        "e\u0301",
        "%2e",
        "c d",
        "...",
        "x.js",
        "日本",
        "a+b",
        "😀",
    ]
) | st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/\\"), min_size=1, max_size=8)
_paths = st.lists(_names, min_size=1, max_size=3).map("/".join)
_sites = st.lists(st.tuples(st.sampled_from(["client/", "prerendered/"]), _paths).map("".join), max_size=12)


def _is_publishable(paths: list[str]) -> bool:
    try:
        check_paths(dict.fromkeys(paths))
    except PathRefusedError:
        return False
    return True


def expected(paths: list[str], address: str) -> tuple[str, str] | None:
    """Say what a decoded address leads to: an object or a redirect; None when there is nothing."""
    files = {}
    for path in sorted(unicodedata.normalize("NFC", path) for path in paths):
        folder, _, rest = path.partition("/")
        files["/" + rest] = f"{folder}/{rest}"
    address = unicodedata.normalize("NFC", address)
    if "//" in address or "\\" in address:
        return None
    is_bare = not address.endswith(("/", ".html"))
    if address in files:
        return "object", files[address]
    if is_bare and address + ".html" in files and not address.endswith("/index"):
        return "object", files[address + ".html"]
    if address.endswith("/") and address + "index.html" in files:
        return "object", files[address + "index.html"]
    if is_bare and address + "/index.html" in files:
        return "redirect", address + "/"
    if address.endswith("/") and address != "/" and address[:-1] + ".html" in files:
        stem = address[:-1]
        return None if stem.endswith("/index") else ("redirect", stem)
    return None


class _Asker:
    def __init__(self) -> None:
        self.store: dict[str, str] = {}
        self.read: list[str] = []
        self.engine = Engine(viewer_request("localhost"), self._get)

    def _get(self, key: str) -> str | None:
        self.read.append(key)
        return self.store.get(key)

    def publish(self, paths: list[str], function: str | None = "fn") -> None:
        site = compile_site(
            manifest_of(*paths), project_id="shop", deployment_id="d1", function=function, spa_fallback=None
        )
        self.store = {**site.tables, "app": site.record(noindex=False)}
        assert all(len(value.encode()) <= 1024 for value in self.store.values())

    def ask(self, path: str, method: str = "GET") -> Decision:
        return self.engine.decide(method, path, "", [(b"host", b"app.localhost")], "203.0.113.7")


asker = _Asker()


@settings(max_examples=60, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow], deadline=None)
@given(st.data())
def test_python_and_javascript_agree_about_every_address(data: st.DataObject) -> None:
    """What is compiled in Python is found by the function, at each form of each address, however it is encoded."""
    paths = data.draw(_sites.filter(_is_publishable))
    asker.publish(paths)
    stems = ["/" + path.partition("/")[2] for path in paths] + [
        "/" + path for path in data.draw(st.lists(_paths, max_size=3))
    ]
    for stem in ["", *stems, *(stem.removesuffix(".html") for stem in stems), *(s.rpartition("/")[0] for s in stems)]:
        for address in (stem or "/", stem + "/", stem + ".html", stem + "/index.html"):
            if not address.startswith("/") or any(part in (".", "..") for part in address.split("/")):
                continue
            wanted = expected(paths, address)
            decision = asker.ask(quote(address, safe=data.draw(st.sampled_from(["/", "/+&=,;:@", "/!$'()*"]))))
            if wanted is None:
                assert isinstance(decision, Invoke), address
            elif wanted[0] == "object":
                assert decision == ServeObject(PREFIX + wanted[1], 200, noindex=False), address
            else:
                assert isinstance(decision, Answer)
                assert decision.status == 308
                location = dict(decision.headers)[b"location"].decode()
                assert unquote(location) == unicodedata.normalize("NFC", wanted[1])
                assert not location.startswith("//")


_hostile = st.lists(
    st.sampled_from(
        "/ .. . %2e %2E%2e %2f %252f %5c \\ %00 // % %c0%ae a secret.txt _app/immutable/ index.html .html ? # ; é bob "
        "sites %0d%0a".split()
    )
    | st.sampled_from(["\0", " ", "\r\n"])
    | st.text(max_size=4),
    max_size=12,
).map("".join)


@settings(max_examples=600, deadline=None)
@given(st.booleans(), _hostile, st.sampled_from(["fn", None]))
def test_no_path_leaves_its_prefix(rooted: bool, text: str, function: str | None) -> None:
    """Whatever the path: an object lies below the deployment, and no location leads to another host."""
    asker.publish(
        ["client/_app/version.json", "client/_app/immutable/x.js", "client/404.html", "client/secret.txt"], function
    )
    decision = asker.ask(("/" if rooted else "") + text)
    if isinstance(decision, ServeObject):
        assert decision.key.startswith(PREFIX)
        assert not {"", ".", ".."} & set(decision.key.removesuffix("/").split("/"))
        assert not any(character in decision.key for character in "\\\0\r\n")
    elif isinstance(decision, Answer):
        assert decision.status in (308, 400, 404)
        assert not dict(decision.headers).get(b"location", b"").startswith(b"//")


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80) | st.from_regex(r"\A[a-z0-9.:-]{0,20}localhost[.:0-9]{0,3}\Z"))
def test_no_host_leads_to_a_table(host: str) -> None:
    """Whatever the host: only a label directly below the domain is looked up."""
    asker.store.clear()
    asker.read.clear()
    decision = asker.engine.decide("GET", "/", "", [(b"host", host.encode("utf-8"))], "203.0.113.7")
    assert isinstance(decision, Answer)
    assert decision.status in (400, 404)
    for key in asker.read:
        assert key.replace("-", "a").isalnum()
        assert host.lower().startswith(f"{key}.localhost")


def test_long_paths_and_many_headers_are_no_trouble() -> None:
    """What a server lets through stays within the function's limits."""
    asker.publish(["client/index.html"])
    for path in ("/" + "a/" * 30_000, "/" + "%61" * 20_000, "/" + "a" * 60_000, "/-" * 30_000, "/." * 30_000):
        assert isinstance(asker.ask(path), Invoke | Answer)
    headers = [(b"host", b"app.localhost"), *((b"x-%d" % number, b"v" * 500) for number in range(500))]
    decision = asker.engine.decide("GET", "/x", "", headers, "203.0.113.7")
    assert isinstance(decision, Invoke)
    assert len(decision.headers) == 503


def test_several_headers_of_one_name_survive() -> None:
    """What a client sends twice reaches the function twice."""
    asker.publish([])
    headers = [(b"host", b"app.localhost"), (b"x-a", b"1"), (b"x-a", b"2"), (b"x-b", b"caf\xe9")]
    decision = asker.engine.decide("GET", "/x", "", headers, "203.0.113.7")
    assert isinstance(decision, Invoke)
    assert [header for header in decision.headers if header[0].startswith(b"x-a")] == headers[1:3]
    assert (b"x-b", b"caf\xe9") in decision.headers


def test_one_failure_does_not_harm_the_next_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a limit was hit, the function starts as new."""
    monkeypatch.setattr(engine_module, "_SECONDS", 0.05)
    endless = """import cf from 'cloudfront';
    async function handler(event) {
      if (event.request.uri === '/') while (true);
      return { statusCode: 204, headers: {} };
    }"""
    engine = Engine(endless, lambda key: None)
    with pytest.raises(EdgeFunctionError):
        engine.decide("GET", "/", "", [], "203.0.113.7")
    assert engine.decide("GET", "/x", "", [], "203.0.113.7") == Answer(204, (), b"")


def test_pages_of_the_function_and_of_the_edge_look_alike() -> None:
    """A visitor cannot tell which of the two found the mistake."""
    decision = asker.engine.decide("GET", "/", "", [(b"host", b"localhost")], "203.0.113.7")
    assert decision == page(404, "Not Found", "There is no site at this address.")
