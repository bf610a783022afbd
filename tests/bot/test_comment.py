"""The text of the comment on a pull request."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battleshiper.bot.comment import MARKER, Row, code, write_comment
from battleshiper.platform.model.deployment import Commit, Deployment, Environment, Origin, State
from battleshiper.platform.model.site_change import SiteChange, Weight

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SITE = "https://shop-x1.example"
LOG = "[Log](https://ship/deployments/x1)"
LINKS = f"[**Visit the preview**]({SITE}) · [Branch](https://shop-git-next.example) · {LOG}"


def row(state: State = State.READY, *, project: str = "shop", reason: str = "", **more: Any) -> Row:
    """Return a row of a deployment in a state."""
    deployment = Deployment(
        "x1",
        "p1",
        1,
        Commit("abcdef0123" * 4, "next"),
        Environment.PREVIEW,
        Origin.PUSH,
        state,
        reason,
        1,
        SITE if state is State.READY else None,
        None,
        AT,
        AT,
        finished_at=AT + timedelta(seconds=12) if state.is_final else None,
    )
    branch = "https://shop-git-next.example" if state is State.READY else None
    return Row(project, deployment, branch, "https://ship/deployments/x1", **more)


CHANGE = SiteChange(
    ("/about", "/new"),
    (),
    ("/",),
    Weight("JavaScript", 45_200, 47_000),
    Weight("All files", 1_200_000, 1_201_800),
    (Weight("_app/immutable/nodes/2.js", 900, 2_700),),
)


def test_a_ready_preview() -> None:
    """Where it is, how long it took, and what it changes."""
    assert (
        write_comment([row(change=CHANGE)])
        == f"""{MARKER}

| Project | Preview | Commit | |
|:--|:--|:--|:--|
| **shop** | ✅ Ready in 12 s | `abcdef0` | {LINKS} |

<details>
<summary>Against production: 2 routes added, 1 changed · JavaScript +1.8 kB</summary>

| | Before | After | |
|:--|--:|--:|--:|
| JavaScript | 45.2 kB | 47.0 kB | +1.8 kB |
| All files | 1.20 MB | 1.20 MB | +1.8 kB |
| `_app/immutable/nodes/2.js` | 900 B | 2.7 kB | +1.8 kB |

Routes added: `/about`, `/new`

Routes changed: `/`

</details>
"""
    )


def test_a_failed_build() -> None:
    """The reason and the end of the log are there for who has no account."""
    text = write_comment([row(State.FAILED, reason="npm run build ended with exit code 1.", log=["one", "two"])])
    assert "| **shop** | ❌ Failed | `abcdef0` | [Log](https://ship/deployments/x1) |" in text
    assert "\n\n`npm run build ended with exit code 1.`\n\n" in text
    assert "<summary>The end of the log</summary>\n\n```text\none\ntwo\n```" in text
    assert SITE not in text


@pytest.mark.parametrize(
    ("state", "said"), [(State.QUEUED, "⏳ Queued"), (State.BUILDING, "🔨 Building"), (State.DEPLOYING, "🚀 Deploying")]
)
def test_what_is_under_way(state: State, said: str) -> None:
    """The log is all there is to look at."""
    text = write_comment([row(state)])
    assert f"| **shop** | {said} | `abcdef0` | [Log](https://ship/deployments/x1) |" in text


def test_a_retired_preview() -> None:
    """No link leads to what is gone."""
    text = write_comment([row(retired="Pull request #7 was merged.", change=CHANGE)])
    assert "| 🗄️ Retired |" in text
    assert "`Pull request #7 was merged.` The preview is gone from its branch's address." in text
    assert SITE not in text
    assert "Against production" not in text


def test_several_projects() -> None:
    """Each has its row, and what is folded says whose it is."""
    failed = row(State.FAILED, project="docs", log=["no"], reason="It failed.")
    text = write_comment([row(change=CHANGE), failed])
    assert text.count("| **") == 2
    assert "<summary>The end of the log of docs</summary>" in text
    assert "JavaScript +1.8 kB of shop</summary>" in text


def test_a_newer_commit_that_was_not_built() -> None:
    """The preview is of an older one, and it is said why."""
    text = write_comment([row(note="bbbbbbb: Skipped: the commit message says [skip ci]")])
    assert "`bbbbbbb: Skipped: the commit message says [skip ci]`" in text


def test_long_lists_are_cut() -> None:
    """The rest is counted."""
    pages = tuple(f"/page-{number:04d}" for number in range(1200))
    change = SiteChange(pages, pages, pages, CHANGE.script, CHANGE.total, CHANGE.movers * 100)
    text = write_comment([row(change=change, project=f"p{number}") for number in range(10)])
    assert "and 1,190 more" in text
    assert len(text) < 65_536


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("`|\\\n\r<>@#[]()!*_~")), max_size=300))
def test_hostile_text_is_nothing_but_text(text: str) -> None:
    """It is one code span in one table cell, whatever it is."""
    shown = code(text)
    assert re.fullmatch(r"`[^`|\n\r]+`", shown)
    assert len(shown) <= 202
    written = write_comment([row(State.FAILED, reason=text or "?", log=[text])])
    assert written.count("\n| **shop** |") == 1
    assert written.startswith(MARKER)
