"""The sites' distribution: the edge functions' code in QuickJS with the values of the emulator's KeyValueStore, and the
three origins that it chooses from. It keeps nothing."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import quickjs
from aws.cloud import ORIGIN_SECRET, SITES_BUCKET, SITES_DOMAIN, Cloud
from aws.front import call, event_of, response_of
from botocore.exceptions import ClientError
from starlette.responses import Response

from battleshiper.edge.router.gate import ORIGIN_HEADER
from battleshiper.edge.router.invocation import event_for_function
from battleshiper.edge.source import viewer_request
from battleshiper.platform.functions.aws.reference import target

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
  updateRequestOrigin: (settings) => { origin = settings.domainName; },
  selectRequestOriginById: (id) => { origin = id; },
};
function decide(text) {
  const event = JSON.parse(text);
  origin = outcome = null;
  event.request.rawQueryString = () => event.query;
  handler(event).then((said) => { outcome = JSON.stringify({ said, origin }); }, (error) => { outcome = `!${error}`; });
}
"""


@dataclass
class Edge:
    """Answers requests for sites. `function` invokes a function of the emulator, `router` is the router's handler."""

    cloud: Cloud
    lambda_client: Any
    router: Callable[[], Callable[[Any, Any], Mapping[str, Any]]]

    def request(
        self,
        label: str,
        path: str = "/",
        method: str = "GET",
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Ask for a path of the site at a label."""
        uri, _, query = path.partition("?")
        given = {"host": f"{label}.{SITES_DOMAIN}", "accept": "text/html", **(headers or {})}
        said, origin = self._decide(method, uri, query, given)
        if "statusCode" in said:
            text = said.get("body", "")
            answered = {name: header["value"] for name, header in said["headers"].items()}
            return Response(text, said["statusCode"], answered)
        sent = {name: header["value"] for name, header in said["headers"].items() if name != "host"}
        if origin is None:
            return self._object(said["uri"])
        event = event_of(method, said["uri"], query, sent, body)
        if origin == "router":
            event["headers"][ORIGIN_HEADER] = ORIGIN_SECRET
            return response_of(call(self.router(), event))
        return self._function(label, event)

    def _decide(
        self, method: str, uri: str, query: str, headers: Mapping[str, str]
    ) -> tuple[dict[str, Any], str | None]:
        context = quickjs.Context()
        context.add_callable("getKey", self._read)
        source = viewer_request(SITES_DOMAIN).replace("import cf from 'cloudfront';", "")
        context.eval(f"{_HOST}\n{source}")
        event = {
            "version": "1.0",
            "context": {"eventType": "viewer-request", "requestId": "request"},
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
        context.get("decide")(json.dumps(event))
        while context.execute_pending_job():
            pass
        outcome = json.loads(context.eval("outcome"))
        return outcome["said"], outcome["origin"]

    def _read(self, key: str) -> str | None:
        try:
            return self.cloud.routes.get_key(KvsARN=self.cloud.store, Key=key)["Value"]
        except ClientError as error:
            if error.response["Error"]["Code"] == "ResourceNotFoundException":
                return None
            raise

    def _object(self, uri: str) -> Response:
        try:
            found = self.cloud.s3.get_object(Bucket=SITES_BUCKET, Key=uri[1:])
        except ClientError:
            return Response("", 404)
        headers = {"cache-control": found.get("CacheControl", "")}
        return Response(found["Body"].read(), 200, headers, found["ContentType"])

    def _function(self, label: str, event: Mapping[str, Any]) -> Response:
        record = json.loads(self._read(label) or "{}")
        answer = self.lambda_client.invoke(
            Payload=json.dumps(event_for_function(event)).encode(), **target(record["project"], record["deployment"])
        )
        return response_of(json.loads(answer["Payload"].read()))
