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


def test_folds_work() -> None:
    """With Markdown inside; one may be open from the start, and its summary be bold."""
    html = render_markdown(
        "<details open>\n<summary><b>Log</b> <code>x</code></summary>\n\n```\n<b>\n```\n\n</details>\n\nAfter"
    )
    assert html.startswith('<details class="unfolded" open>\n<summary><b>Log</b> <code>x</code></summary>')
    assert "&lt;b&gt;" in html
    assert html.endswith("</details>\n<p>After</p>\n")
    assert render_markdown("one<br/>two <sub>3</sub>") == "<p>one<br>two <sub>3</sub></p>\n"


def test_only_bare_tags_take_effect() -> None:
    """Anything else about them is text."""
    for text in ('<details onclick="x()">', "<b class=x>", "<summary>", "</details>", "<details open=1>", "<iframe>"):
        assert "&lt;" in render_markdown(text)
        assert "&lt;" in render_markdown(f"x {text}")


@given(st.lists(st.sampled_from(["<b>", "</b>", "<details>", "</details>", "<summary>", "</summary>", "x", "\n\n"])))
def test_what_is_opened_is_closed(parts: list[str]) -> None:
    """No comment changes how the page looks after it."""
    html = str(render_markdown("".join(parts)))
    for name in ("b", "details", "summary"):
        assert html.count(f"<{name}>") == html.count(f"</{name}>")


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
            "b",
            "i",
        }
    assert 'href="javascript:' not in html
