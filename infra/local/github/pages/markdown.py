"""Markdown, as people and bots write it in pull requests."""

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from markupsafe import Markup

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG = re.compile(r"<(/?)(b|br|code|details|em|i|kbd|strong|sub|summary|sup)( open)? ?/?>", re.IGNORECASE)
"""Of HTML only these take effect, and no attribute of theirs but that a fold is open."""


class _Renderer(RendererHTML):
    """Shows HTML as text, but for a few tags, and for comments, which stay hidden: bots mark theirs with them."""

    def html_block(self, tokens: Sequence[Token], index: int, _options: OptionsDict, env: Any) -> str:
        """Return a block of HTML as what is harmless in it, and text."""
        text = _COMMENT.sub("", tokens[index].content).strip()
        whole = "".join(_render_html(text, env["open"]))
        return f"{whole}\n" if not text or _TAG.match(text) else f"<p>{whole}</p>\n"

    def html_inline(self, tokens: Sequence[Token], index: int, _options: OptionsDict, env: Any) -> str:
        """Return HTML inside a line as what is harmless in it, and text."""
        return "".join(_render_html(_COMMENT.sub("", tokens[index].content), env["open"]))

    def link_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Any) -> str:
        """Return the start of a link that gives nothing away."""
        tokens[index].attrSet("rel", "nofollow noopener noreferrer")
        return self.renderToken(tokens, index, options, env)


def render_markdown(text: str) -> Markup:
    """Return safe HTML for `text`. Of HTML in it a few tags take effect, each of which ends with the text at the
    latest, and links lead to harmless schemes only."""
    parser = MarkdownIt("commonmark", {"html": True}, renderer_cls=_Renderer).enable(["table", "strikethrough"])
    unclosed: list[str] = []
    html = parser.render(text, {"open": unclosed})
    ends = "".join(f"</{name}>" for name in reversed(unclosed))
    return Markup(html + ends)  # noqa: S704 - the renderer escapes whatever was written


def _render_html(text: str, unclosed: list[str]) -> Iterator[str]:
    """Yield the tags of `text` that may take effect, and the rest of it as text; note in `unclosed` what is open."""
    end = 0
    for tag in _TAG.finditer(text):
        yield escape(text[end : tag.start()])
        end, name = tag.end(), tag[2].lower()
        closes, last = bool(tag[1]), unclosed[-1] if unclosed else ""
        if name == "br":
            yield "<br>"
        elif closes and last == name:
            unclosed.pop()
            yield f"</{name}>"
        elif closes or (name == "summary" and last != "details"):
            yield escape(tag[0])
        else:
            unclosed.append(name)
            yield '<details class="unfolded" open>' if name == "details" and tag[3] else f"<{name}>"
    yield escape(text[end:])
