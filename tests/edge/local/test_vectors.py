"""The decisions that CloudFront makes, made here: tests/edge/functions/vectors.test.mjs reads the same file."""

import json
from pathlib import Path
from typing import Any

import pytest

from battleshiper.edge.local.decision import Answer, Invoke, ServeObject
from battleshiper.edge.local.engine import Engine
from battleshiper.edge.source import viewer_request

FOLDER = Path(__file__).parents[1] / "functions"
VECTORS = json.loads((FOLDER / "vectors.json").read_text())
STORE = json.loads((FOLDER / "site.json").read_text())


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(viewer_request("localhost"), STORE.get)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"].replace(" ", "-"))
def test_decision_is_cloudfronts(engine: Engine, vector: dict[str, Any]) -> None:
    """One request, decided here as there."""
    given = vector.get("given", [["host", vector.get("host", "app.localhost")]])
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in given]
    method, query = vector.get("method", "GET"), vector.get("query", "")
    decision = engine.decide(method, vector["uri"], query, headers, "203.0.113.7")
    if "answer" in vector:
        assert isinstance(decision, Answer)
        assert decision.status == vector["answer"]
        assert dict(decision.headers).items() >= dict(_fields(vector.get("headers", []))).items()
    elif "object" in vector:
        assert decision == ServeObject(vector["object"], vector.get("status", 200), vector.get("noindex", False))
    else:
        assert isinstance(decision, Invoke)
        assert (decision.function, decision.noindex) == (vector["function"], vector.get("noindex", False))
        assert sorted(decision.headers) == sorted(_fields(vector["headers"]))


def _fields(pairs: list[list[str]]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in pairs]
