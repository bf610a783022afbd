"""Whatever people call their branches, commits and files, it is text on the pages."""

from html.parser import HTMLParser

import pytest

from battleshiper.platform.logs.port import LogKind
from battleshiper.platform.model.deployment import State
from battleshiper.platform.web.pages.notices import notice_for

HOSTILE = "<script>alert('x')</script>\"'><img src=x onerror=alert(1)>{{7*7}}"


@pytest.fixture
def paths(desk) -> list[str]:
    """Every page, with hostile texts wherever something comes from outside."""
    files = ((f"client/{HOSTILE}", 10), (f"prerendered/{HOSTILE}.html", 10), ("function.zip", 10))
    common = {"message": HOSTILE, "author": HOSTILE, "routes": (f"/{HOSTILE}",), "files": files}
    live = desk.scene.add_deployment(desk.project, State.READY, **common)
    failed = desk.scene.add_deployment(desk.project, State.FAILED, branch=HOSTILE, reason=HOSTILE, **common)
    for kind in LogKind:
        desk.scene.logs.append(live.id, kind, HOSTILE)
    return [
        "/",
        "/projects/site",
        f"/projects/site?branch={HOSTILE}&state={HOSTILE}&before={HOSTILE}",
        "/projects/site/logs",
        f"/projects/site/logs?q={HOSTILE}&range={HOSTILE}&kind={HOSTILE}",
        "/projects/site/settings",
        f"/deployments/{live.id}",
        f"/deployments/{live.id}?q={HOSTILE}&from={HOSTILE}&kind={HOSTILE}&done={HOSTILE}",
        f"/deployments/{live.id}/files?q={HOSTILE}",
        f"/deployments/{failed.id}",
        f"/deployments/{HOSTILE.replace('/', '')}",
    ]


class Markup(HTMLParser):
    """Keeps what a browser would take for tags and their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep one."""
        self.tags.append((tag, dict(attrs)))


def test_no_text_becomes_markup(desk, paths) -> None:
    """No tag and no attribute comes from outside, and no script runs but those of our own files."""
    for path in paths:
        answer = desk.client.get(path)
        assert answer.status_code in (200, 404), path
        assert "onerror=alert(1)&gt;49" not in answer.text
        for tag, attributes in Markup(answer.text).tags:
            assert not any(name.startswith("on") or name == "style" for name in attributes)
            if tag in ("img", "script"):
                assert (attributes["src"] or "").startswith("/static/")


def test_every_page_has_the_policy(desk, paths) -> None:
    """The browser is told to run nothing else, to be framed by nobody, and to keep no copy."""
    for path in paths:
        headers = desk.client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert (headers["x-content-type-options"], headers["cache-control"]) == ("nosniff", "no-store")


def test_no_link_puts_words_into_a_page(desk, paths) -> None:
    """What an address says was done is one of our sentences, or nothing."""
    assert notice_for("promoted") != ""
    assert notice_for(HOSTILE) == ""
    assert 'role="status"' not in desk.page("/?done=You+were+hacked")
    assert "being deleted" in desk.page("/?done=deleted")


def test_a_downloaded_log_is_no_page(desk, paths) -> None:
    """A browser does not take it for one."""
    answer = desk.client.get(paths[6] + "/log.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert HOSTILE in answer.text
