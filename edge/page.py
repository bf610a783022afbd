"""The small pages of the edge itself, as the edge function draws them."""

import html

_PAGE = """\
<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>{status} {title}</title>
<style>body{{margin:0;min-height:100vh;display:grid;place-content:center;padding:2rem;box-sizing:border-box;
font:1.1rem/1.6 system-ui,sans-serif}}p{{margin:0;max-width:32rem}}i{{font-style:normal;opacity:.65}}
b{{font:200 6rem/1 system-ui,sans-serif;letter-spacing:-.05em;color:#6d7cff}}</style>
<p><b>{status}</b><p><strong>{title}</strong><p><i>{text}</i>
"""

MEDIA_TYPE = "text/html; charset=utf-8"


def draw(status: int, title: str, text: str) -> str:
    """Return a page that says what went wrong."""
    return _PAGE.format(status=status, title=html.escape(title), text=html.escape(text))
