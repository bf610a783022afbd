"""CloudFront's functions: the deployed code in QuickJS, with the runtime's module `cloudfront`."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import quickjs

_HOST = """
let origin = null, outcome = null;
const console = { log: () => {} };
function read(key) { const found = getKey(key); return found === null ? null : found; }
const cf = {
  kvs: () => ({
    get: async (key, options) => {
      const value = read(key);
      if (value === null) throw new Error('KeyNotFound');
      return options && options.format === 'json' ? JSON.parse(value) : value;
    },
    exists: async (key) => read(key) !== null,
  }),
  updateRequestOrigin: (settings) => { origin = settings; },
  selectRequestOriginById: (id) => { origin = { id }; },
};
function decide(text) {
  const event = JSON.parse(text);
  event.request.rawQueryString = () => event.query;
  Promise.resolve(handler(event)).then(
    (said) => { outcome = JSON.stringify({ said, origin }); },
    (error) => { outcome = JSON.stringify({ error: `${error}` }); },
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
        context.eval(f"{_HOST}\n{self.source.replace(_IMPORT, '')}")
        context.get("decide")(json.dumps(event))
        while context.execute_pending_job():
            pass
        outcome = json.loads(context.eval("outcome"))
        assert "error" not in outcome, outcome
        return outcome["said"], outcome["origin"]


_IMPORT = "import cf from 'cloudfront';"


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
