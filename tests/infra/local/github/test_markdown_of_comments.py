"""Markdown in pull requests."""

from hypothesis import given
from hypothesis import strategies as st

from battleshiper.infra.local.github.pages.markdown import render_markdown


def test_tables_and_links_work() -> None:
    """What the bot writes looks as it should."""
    html = render_markdown("| Name | State |\n|---|---|\n| **site** | [Ready](http://site.localhost/) |")
    assert "<table>" in html
    assert '<a href="http://site.localhost/" rel="nofollow noopener noreferrer">Ready</a>' in html


def test_hidden_comments_stay_hidden_but_not_in_code() -> None:
    """Marks of bots are invisible; what is quoted as code is not touched."""
    html = render_markdown("<!-- battleshiper:1 -->\nReady <!-- x --> now\n\n```\n<!-- shown -->\n```\n\n<!-- open")
    assert "battleshiper:1" not in html
    assert "open" not in html
    assert "Ready  now" in html
    assert "&lt;!-- shown --&gt;" in html


@given(st.text(alphabet="<>!-/ab\"'=\n`[]()&;:scriptjav", max_size=60))
def test_no_markup_gets_through(text: str) -> None:
    """Whatever is written, only the tags of Markdown come out, and no link to a script."""
    html = str(render_markdown(text)).lower()
    for tag in html.split("<")[1:]:
        name = tag.lstrip("/").split(">")[0].split(" ")[0].rstrip("/")
        assert name in {
            "p",
            "a",
            "em",
            "strong",
            "code",
            "pre",
            "h1",
            "h2",
            "ul",
            "ol",
            "li",
            "br",
            "hr",
            "blockquote",
            "img",
            "s",
        }
    assert 'href="javascript:' not in html
