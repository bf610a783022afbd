"""The pages of the edge itself, as the edge function draws them."""

import html

from battleshiper.edge.local.asgi import Send
from battleshiper.edge.local.decision import Answer

_PAGE = """\
<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>{status} {title}</title>
<style>body{{margin:0;min-height:100vh;display:grid;place-content:center;padding:2rem;box-sizing:border-box;
font:1.1rem/1.6 system-ui,sans-serif}}p{{margin:0;max-width:32rem}}i{{font-style:normal;opacity:.65}}
b{{font:200 6rem/1 system-ui,sans-serif;letter-spacing:-.05em;color:#6d7cff}}</style>
<p><b>{status}</b><p><strong>{title}</strong><p><i>{text}</i>
"""


def page(status: int, title: str, text: str, *headers: tuple[bytes, bytes]) -> Answer:
    """Return a small page that says what went wrong. Nobody keeps it."""
    body = _PAGE.format(status=status, title=html.escape(title), text=html.escape(text))
    fixed = ((b"content-type", b"text/html; charset=utf-8"), (b"cache-control", b"no-store"))
    return Answer(status, (*fixed, *headers), body.encode())


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
