"""CloudFront's functions: the deployed code in QuickJS, with the runtime's module `cloudfront`."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import quickjs

HOST = """
let origin = null, outcome = null;
const console = { log: function () {} };
const cf = {
  kvs: function () {
    return {
      get: async function (key, options) {
        const value = getKey(key);
        if (value === null) throw new Error('KeyNotFound');
        return options && options.format === 'json' ? JSON.parse(value) : value;
      },
      exists: async function (key) { return getKey(key) !== null; },
    };
  },
  updateRequestOrigin: function (settings) { origin = settings; },
  selectRequestOriginById: function (id) { origin = { id: id }; },
};
async function decide(event) {
  event.request.rawQueryString = function () { return event.query; };
  origin = null;
  const said = await handler(event);
  return JSON.stringify({ said: said, origin: origin });
}
"""
"""In the functions' own language, so that njs takes it as well. Whoever runs it brings `getKey`."""
_RUN = """
function run(text) {
  decide(JSON.parse(text)).then(
    function (said) { outcome = said; },
    function (error) { outcome = JSON.stringify({ error: `${error}` }); }
  );
}
"""


@dataclass(frozen=True)
class EdgeFunction:
    """A published function. `read_key` is the key value store that it is associated with."""

    source: str
    read_key: Callable[[str], str | None]

    def run(self, event: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any] | None]:
        """Return what it says of an event, and the origin that it chose, if it chose one."""
        context = quickjs.Context()
        context.add_callable("getKey", self.read_key)
        context.eval(f"{HOST}\n{without_import(self.source)}\n{_RUN}")
        context.get("run")(json.dumps(event))
        while context.execute_pending_job():
            pass
        outcome = json.loads(context.eval("outcome"))
        assert "error" not in outcome, outcome
        return outcome["said"], outcome["origin"]


def without_import(source: str) -> str:
    """Return a function's source for where `cf` is there already."""
    return source.replace("import cf from 'cloudfront';", "")


def viewer_event(
    method: str, uri: str, query: str, headers: Mapping[str, str], response: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return an event as CloudFront makes it
    (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html)."""
    event = {
        "version": "1.0",
        "context": {"eventType": "viewer-response" if response else "viewer-request", "requestId": "request"},
        "viewer": {"ip": "192.0.2.7"},
        "query": query,
        "request": {
            "method": method,
            "uri": uri,
            "querystring": {},
            "cookies": {},
            "headers": {name: {"value": value} for name, value in headers.items()},
        },
    }
    return event | ({"response": dict(response)} if response else {})
