"""Requests for a function's pages that are led without asking the edge function again."""

import json
from collections.abc import Callable

import pytest

from battleshiper.edge.local.decision import Invoke
from battleshiper.edge.local.decisions import Decisions
from battleshiper.edge.local.way import Way
from battleshiper.edge.source import viewer_request
from battleshiper.platform.model.route import compile_site

from .conftest import Handler, RunningEdge, World, echo, manifest_of

HOST = b"app.localhost:8787"
HEADERS = [(b"host", HOST), (b"accept", b"*/*"), (b"x-a", b"1"), (b"x-a", b"2"), (b"authorization", b"Bearer mine")]
OTHER_HEADERS = [(b"host", HOST), (b"cookie", b"a=1; b=caf\xe9")]


def _decisions(*, noindex: bool = False) -> tuple[Decisions, dict[str, str]]:
    site = compile_site(manifest_of(), project_id="shop", deployment_id="d1", function="fn", spa_fallback=None)
    store = {**site.tables, "app": site.record(noindex)}
    return Decisions(viewer_request("localhost"), store.get), store


@pytest.mark.parametrize("noindex", [False, True])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_way_leads_as_the_function_does(noindex: bool, method: str) -> None:
    """Another client's request with other headers gets just what the edge function says about it."""
    decisions, _ = _decisions(noindex=noindex)
    decisions.decide(method, HOST, b"/page", b"x=1", HEADERS, "203.0.113.7")
    way = decisions.recall(HOST, b"/page")
    assert isinstance(way, Way)
    led = way.lead(OTHER_HEADERS, "2001:db8::1")
    said = _decisions(noindex=noindex)[0].decide("GET", HOST, b"/page", b"", OTHER_HEADERS, "2001:db8::1")
    assert isinstance(said, Invoke)
    assert (led.function, led.noindex) == (said.function, said.noindex)
    assert sorted(led.headers) == sorted(said.headers)


def test_what_claims_something_is_not_remembered() -> None:
    """A request whose headers the edge function has to judge says nothing about others."""
    for claim in (
        b"x-forwarded-for",
        b"x-forwarded-port",
        b"x-battleshiper-robots",
        b"x-amz-date",
        b"forwarded",
        b"x-real-ip",
    ):
        decisions, _ = _decisions()
        decisions.decide("GET", HOST, b"/page", b"", [*HEADERS, (claim, b"1")], "203.0.113.7")
        assert decisions.recall(HOST, b"/page") is None


def test_what_changes_something_is_not_remembered() -> None:
    """The router's way is asked for each time."""
    decisions, _ = _decisions()
    decisions.decide("POST", HOST, b"/page", b"", HEADERS, "203.0.113.7")
    assert decisions.recall(HOST, b"/page") is None


def test_way_is_forgotten_with_its_record() -> None:
    """When an alias flips or ends, the edge function is asked again."""
    decisions, store = _decisions()
    decisions.decide("GET", HOST, b"/page", b"", HEADERS, "203.0.113.7")
    assert decisions.recall(HOST, b"/other") is None
    del store["app"]
    assert decisions.recall(HOST, b"/page") is None


def test_claims_are_judged_on_a_known_way(
    edge: RunningEdge, world: World, run_function: Callable[[Handler], None]
) -> None:
    """What a client claims is not believed at a page that was asked for before, either."""
    world.publish("app", {}, function="fn")
    run_function(echo)
    claims = {"x-forwarded-for": "6.6.6.6", "forwarded": "for=6.6.6.6", "x-battleshiper-robots": "no", "x-real-ip": "6"}
    claims["x-amz-date"] = "6"
    for claimed in ({}, claims, {"x-real-ip": "6.6.6.6", "x-forwarded-proto": "https"}, {}):
        seen = edge.request("GET", "app", "/page?x=1", headers=claimed).json()
        headers = dict(seen["headers"])
        assert seen["target"] == "/page?x=1"
        assert headers["x-forwarded-for"] == "127.0.0.1"
        assert headers["x-forwarded-proto"] == "http"
        assert headers["x-forwarded-host"] == "app.localhost:8787"
        assert "6" not in json.dumps([headers.get(name) for name in ("forwarded", "x-real-ip", "x-amz-date")])
        assert not [name for name in headers if name.startswith("x-battleshiper-")]
