"""What the engine keeps of the route store, and when it stops believing it."""

import pytest

from battleshiper.edge.local.decision import Answer, Decision, ServeObject
from battleshiper.edge.local.engine import EdgeFunctionError, Engine
from battleshiper.edge.source import viewer_request
from battleshiper.platform.model.route import compile_site

from .conftest import manifest_of

NOT_FOUND, UNAVAILABLE = 404, 503


class _Store:
    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.broken = False

    def get(self, key: str) -> str | None:
        if self.broken:
            raise OSError("the disk is gone")
        return self.values.get(key)

    def publish(self, deployment: str, *files: str) -> None:
        site = compile_site(
            manifest_of(*files), project_id="shop", deployment_id=deployment, function=None, spa_fallback=None
        )
        self.values |= {**site.tables, "app": site.record(noindex=False)}


@pytest.fixture
def store() -> _Store:
    return _Store()


@pytest.fixture
def engine(store: _Store) -> Engine:
    return Engine(viewer_request("localhost"), store.get)


def _ask(engine: Engine, path: str = "/") -> Decision:
    return engine.decide("GET", path, "", [(b"host", b"app.localhost")], "203.0.113.7")


def _status(decision: Decision) -> int:
    assert isinstance(decision, Answer)
    return decision.status


def test_flipped_alias_is_seen_at_once(store: _Store, engine: Engine) -> None:
    """The very next request after an alias flips is decided by the new record and its table, and back again."""
    for deployment in ("d1", "d2", "d1"):
        store.publish(deployment, "client/index.html")
        assert _ask(engine) == ServeObject(f"sites/shop/{deployment}/client/index.html", 200, noindex=False)


def test_new_and_removed_labels_are_seen_at_once(store: _Store, engine: Engine) -> None:
    """That there is no such site is believed no longer than that there is one."""
    assert _status(_ask(engine)) == NOT_FOUND
    store.publish("d1", "client/index.html")
    assert isinstance(_ask(engine), ServeObject)
    store.values.clear()
    assert _status(_ask(engine)) == NOT_FOUND


def test_store_that_fails_is_no_missing_site(store: _Store, engine: Engine) -> None:
    """A store that cannot be read is a 503, whether or not its values were known, and all is well after it."""
    for _ in range(2):
        store.broken = True
        assert _status(_ask(engine)) == UNAVAILABLE
        store.broken = False
        store.publish("d1", "client/index.html")
        assert isinstance(_ask(engine), ServeObject)


def test_values_are_not_kept_without_end(store: _Store, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests for ever new labels do not fill the memory, and known sites are served all the same."""
    monkeypatch.setattr("battleshiper.edge.local.engine._MOST_KNOWN", 20)
    store.publish("d1", "client/index.html")
    read: list[str] = []
    engine = Engine(viewer_request("localhost"), lambda key: (read.append(key), store.get(key))[1])
    for number in range(100):
        engine.decide("GET", "/", "", [(b"host", b"x%d.localhost" % number)], "203.0.113.7")
        assert isinstance(_ask(engine), ServeObject)
    assert engine._run is not None
    assert len(engine._run._known) <= 23


def test_outcome_of_any_length_comes_back(store: _Store) -> None:
    """QuickJS puts long texts together late; what Python gets is whole."""
    source = "import cf from 'cloudfront';\nasync function handler() { return { statusCode: 200, headers: {}, body }; }"
    engine = Engine(source + "\nlet body = 'ab'; for (let i = 0; i < 15; i += 1) body = `${body}${body}`;", store.get)
    assert _ask(engine) == Answer(200, (), b"ab" * 2**15)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("throw new Error('the reason');", "the reason"),
        ("return undefined;", "undefined"),
        ("return await new Promise(() => {});", "waits for something that never comes"),
        ("const text = 'x'.repeat(70 * 1024 * 1024); return { statusCode: 200, headers: {}, body: text };", "memory"),
    ],
)
def test_function_that_fails_says_why(store: _Store, body: str, reason: str) -> None:
    """An error, an outcome that is none, an endless wait and too much memory each raise, with their reason."""
    engine = Engine(f"import cf from 'cloudfront';\nasync function handler() {{ {body} }}", store.get)
    for _ in range(2):
        with pytest.raises(EdgeFunctionError, match=reason):
            _ask(engine)


def test_header_may_have_any_name(store: _Store) -> None:
    """Names that mean something to JavaScript are names like others, and a NUL ends nothing."""
    source = """import cf from 'cloudfront';
    async function handler(event) {
      const headers = event.request.headers;
      const names = [];
      for (const name in headers) names.push(`${name}=${headers[name].value}`);
      return { statusCode: 200, headers: {}, body: names.join(' ') };
    }"""
    headers = [(b"__proto__", b"1"), (b"constructor", b"2"), (b"x-a", b"3\x004"), (b"z", b"5")]
    said = Engine(source, store.get).decide("GET", "/", "", headers, "203.0.113.7")
    assert said == Answer(200, (), "__proto__=1 constructor=2 x-a=3\ufffd4 z=5".encode())


@pytest.mark.parametrize(
    ("host", "is_served"),
    [
        (b"app.my-sites.example", True),
        (b"APP.My-Sites.Example.:443", True),
        (b"app.my-sitesxexample", False),
        (b"app.my-sites.example.org", False),
        (b"app.localhost", False),
    ],
)
def test_dots_of_the_domain_are_dots(store: _Store, host: bytes, is_served: bool) -> None:
    """Only hosts below the very domain are served, whatever its dots would match."""
    store.publish("d1", "client/index.html")
    engine = Engine(viewer_request("my-sites.example"), store.get)
    decision = engine.decide("GET", "/", "", [(b"host", host)], "203.0.113.7")
    assert isinstance(decision, ServeObject) is is_served
