"""The router: a Lambda function between CloudFront and what CloudFront cannot ask itself.

It gets requests with a body, which CloudFront cannot sign for a function's URL, and addresses of static sites where
nothing is, whose page has to come with another status than S3's. The edge function says in headers what to do.

Events have payload format 2.0. The function URL they come from has the auth type `NONE`, because of the bodies, and so
the gate is what keeps everybody but CloudFront out.
"""

import logging
from collections.abc import Callable, Iterable

from battleshiper.edge.router.clients import LambdaClient, S3Client
from battleshiper.edge.router.gate import Gate
from battleshiper.edge.router.invocation import Invocations, Target
from battleshiper.edge.router.missing import MissingPages
from battleshiper.edge.router.reply import FORBIDDEN, MISSING, ROUTER_FAILED, Event, Reply

Handler = Callable[[Event, object], Reply]

_STATUS = "x-battleshiper-status"
_DEPLOYMENT = "x-battleshiper-deployment"

_log = logging.getLogger(__name__)


def compose(
    *, functions: LambdaClient, target: Target, objects: S3Client, bucket: str, secrets: Callable[[], Iterable[str]]
) -> Handler:
    """Return Lambda's handler. `objects` has the sites' files in `bucket`; for `secrets` see `Gate`."""
    gate = Gate(secrets)
    invocations = Invocations(functions, target)
    pages = MissingPages(objects, bucket)

    def handle(event: Event, context: object) -> Reply:  # noqa: ARG001 - Lambda gives both
        event = {**event, "headers": {name.lower(): value for name, value in event.get("headers", {}).items()}}
        headers = event["headers"]
        try:
            if not gate.admits(headers):
                return FORBIDDEN
            if _STATUS in headers:
                return pages.answer(event, int(headers[_STATUS]))
            if _DEPLOYMENT in headers:
                return invocations.invoke(headers[_DEPLOYMENT], event)
        except Exception:
            # An error of ours would be Lambda's own page otherwise, in JSON and without a word to the visitor.
            _log.exception("The router failed")
            return ROUTER_FAILED
        return MISSING

    return handle
