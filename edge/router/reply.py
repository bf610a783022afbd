"""What the router answers, in Lambda's payload format 2.0
(https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads)."""

from collections.abc import Mapping
from typing import Any

from battleshiper.edge.page import MEDIA_TYPE, draw
from battleshiper.edge.router.gate import REFUSAL
from battleshiper.platform.model.freshness import NO_STORE

Event = Mapping[str, Any]
Reply = dict[str, Any]

LARGEST_REPLY_BYTES = 6_291_556
"""Lambda's limit for what a function returns, in JSON
(https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html)."""


def page(status: int, title: str, text: str, **headers: str) -> Reply:
    """Return a page that says what went wrong; `headers` have underscores for hyphens."""
    added = {name.replace("_", "-"): value for name, value in headers.items()}
    fixed = {"content-type": MEDIA_TYPE, "cache-control": NO_STORE}
    return {"statusCode": status, "headers": {**fixed, **added}, "body": draw(status, title, text)}


FORBIDDEN = page(403, "Forbidden", f"{REFUSAL} Ask for the site by its own name.")
MISSING = page(404, "Not Found", "There is no page at this address.")
REQUEST_TOO_LARGE = page(413, "Content Too Large", "This is more than the site takes in one request.")
BUSY = page(
    429, "Too Many Requests", "The site has more visitors than it can serve. Please try again.", retry_after="1"
)
ROUTER_FAILED = page(500, "Internal Server Error", "The edge failed at this request.")
FUNCTION_FAILED = page(502, "Bad Gateway", "The site's server function failed. Its log says why.")
ANSWER_TOO_LARGE = page(502, "Bad Gateway", "The site's server function answered with more than can be passed on.")
STARTING = page(503, "Service Unavailable", "The site is starting. Please try again.", retry_after="2")
FUNCTION_LATE = page(504, "Gateway Timeout", "The site's server function took too long to answer.")
