"""The edge functions in njs, the engine that CloudFront's runtime is made of: what it cannot parse, CloudFront answers
with 503 at every request, and tells nobody why."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from aws.cloudfront.edge_function import HOST, EdgeFunction, viewer_event, without_import

from battleshiper.edge.source import viewer_request, viewer_response

FOLDER = Path(__file__).parent
VECTORS = json.loads((FOLDER / "vectors.json").read_text())
STORE = json.loads((FOLDER / "site.json").read_text())
_ALL = """
const store = %s, events = %s;
function getKey(key) { return store[key] === undefined ? null : store[key]; }
%s
%s
async function decideAll() {
  for (let i = 0; i < events.length; i++) {
    const said = await decide(events[i]);
    print(said);
  }
}
decideAll();
"""

pytestmark = pytest.mark.skipif(shutil.which("njs") is None, reason="njs is not installed")


def in_njs(source: str, events: list[dict[str, Any]], folder: Path) -> list[list[Any]]:
    """Return what a function says of events, and the origins that it chooses."""
    script = folder / "function.js"
    script.write_text(_ALL % (json.dumps(STORE), json.dumps(events), HOST, without_import(source)))
    done = subprocess.run(["njs", str(script)], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    decided = [json.loads(line) for line in done.stdout.splitlines()]
    return [[each["said"], each["origin"]] for each in decided]


def event_of(vector: dict[str, Any]) -> dict[str, Any]:
    """Return the event of a vector."""
    event = viewer_event(vector.get("method", "GET"), vector["uri"], vector.get("query", ""), {})
    headers: dict[str, Any] = {}
    for name, value in vector.get("given", [["host", vector.get("host", "app.localhost")]]):
        if name in headers:
            headers[name].setdefault("multiValue", [{"value": headers[name]["value"]}]).append({"value": value})
        else:
            headers[name] = {"value": value}
    event["request"]["headers"] = headers
    return event


def test_every_decision_is_the_same(tmp_path: Path) -> None:
    """In njs and in QuickJS, for each vector. njs knows no Unicode forms, so an address in another one is not found:
    CloudFront's list of features does not have them either."""
    vectors = [each for each in VECTORS if "Unicode form" not in each["name"]]
    assert len(vectors) >= len(VECTORS) - 1
    source = viewer_request("localhost")
    function = EdgeFunction(source, STORE.get)
    decided = in_njs(source, [event_of(each) for each in vectors], tmp_path)
    for vector, outcome in zip(vectors, decided, strict=True):
        assert outcome == list(function.run(event_of(vector))), vector["name"]


def test_responses_are_the_same(tmp_path: Path) -> None:
    """What is changed in answers: of files, of previews' files, of functions."""
    answer = {"statusCode": 200, "headers": {"x-amz-id": {"value": "1"}, "server": {"value": "AmazonS3"}}}
    events = [
        viewer_event("GET", "/", "", headers, answer)
        for headers in ({}, {"x-battleshiper-robots": "noindex"}, {"x-battleshiper-request": "r"})
    ]
    function = EdgeFunction(viewer_response(), STORE.get)
    decided = in_njs(viewer_response(), events, tmp_path)
    assert decided == [list(function.run(event)) for event in events]
