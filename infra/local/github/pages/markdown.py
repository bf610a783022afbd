"""Markdown, as people and bots write it in pull requests."""

import re
from collections.abc import Sequence
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from markupsafe import Markup

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


class _Renderer(RendererHTML):
    """Shows HTML as text, but for comments, which stay hidden: bots mark their comments with them."""

    def html_block(self, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: Any) -> str:
        """Return a block of HTML as text."""
        text = _COMMENT.sub("", tokens[index].content).strip()
        return f"<p>{escape(text)}</p>\n" if text else ""

    def html_inline(self, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: Any) -> str:
        """Return HTML inside a line as text."""
        return escape(_COMMENT.sub("", tokens[index].content))

    def link_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Any) -> str:
        """Return the start of a link that gives nothing away."""
        tokens[index].attrSet("rel", "nofollow noopener noreferrer")
        return self.renderToken(tokens, index, options, env)


def render_markdown(text: str) -> Markup:
    """Return safe HTML for `text`. Of HTML in it nothing takes effect, and links lead to harmless schemes only."""
    parser = MarkdownIt("commonmark", {"html": True}, renderer_cls=_Renderer).enable(["table", "strikethrough"])
    return Markup(parser.render(text))  # noqa: S704 - the renderer escapes whatever was written
