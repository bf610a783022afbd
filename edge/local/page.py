"""The pages that the local edge answers with."""

from battleshiper.edge.local.asgi import Send
from battleshiper.edge.local.decision import Answer
from battleshiper.edge.page import MEDIA_TYPE, draw


def page(status: int, title: str, text: str, *headers: tuple[bytes, bytes]) -> Answer:
    """Return a small page that says what went wrong. Nobody keeps it."""
    fixed = ((b"content-type", MEDIA_TYPE.encode()), (b"cache-control", b"no-store"))
    return Answer(status, (*fixed, *headers), draw(status, title, text).encode())


TOO_LARGE = page(
    413, "Content Too Large", "This is more than the site takes in one request.", (b"connection", b"close")
)
MISSING_FILE = page(404, "Not Found", "There is no file at this address.")
EDGE_FAILED = page(500, "Internal Server Error", "The edge failed at this request.")
FUNCTION_FAILED = page(502, "Bad Gateway", "The site's server function failed. Its log says why.")
FUNCTION_LATE = page(504, "Gateway Timeout", "The site's server function took too long to answer.")


async def send_page(answer: Answer, method: str, send: Send) -> None:
    """Send a page that was made here or by the edge function."""
    headers = [*answer.headers, (b"content-length", b"%d" % len(answer.body))]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else answer.body})
