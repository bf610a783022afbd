"""Which refs are branches, and which names git takes for one."""

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battleshiper.webhooks.branch import branch_of, is_branch_name

ODD_NAMES = [
    "-x",
    "--upload-pack=touch",
    "$(id)",
    "`id`",
    "a;id",
    "a|b&c",
    "it's",
    'say"hi"',
    "<script>",
    "%2e%2e",
    "🚀",
    "feature/🚀-ship",
    "ענף-ימין",
    "\u202eevil",
    "a\u200bb",
    "\uff46\uff55\uff4c\uff4c",
    "ﬁx",
    "#1",
    "a=b,c",
    "{a}",
    "@",
    "@x",
    "a@",
    "HEAD",
    "a./b",
    "a.lock.x",
    "lock",
    "x" * 200,
]
BAD_NAMES = [
    "",
    "a b",
    "a\nb",
    "a\x00b",
    "a\x7fb",
    "a..b",
    "..",
    ".",
    "a/../b",
    ".a",
    "a/.b",
    "a.",
    "a/",
    "/a",
    "a//b",
    "a.lock",
    "a.lock/b",
    "a@{0}",
    "a~1",
    "a^",
    "a:b",
    "a?",
    "a*",
    "a[b",
    "a\\b",
]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_names_are_names(name: str) -> None:
    """What git takes is taken, however it looks to a shell, a browser or a reader."""
    assert is_branch_name(name)
    assert git_takes(name)


@pytest.mark.parametrize("name", BAD_NAMES)
def test_what_git_refuses_is_refused(name: str) -> None:
    """A name that git would not take cannot have been pushed."""
    assert not is_branch_name(name)
    assert "\x00" in name or not git_takes(name)


def test_endless_names_are_refused() -> None:
    """A name has an end."""
    assert is_branch_name("x" * 1000)
    assert not is_branch_name("x" * 1001)


def test_half_characters_are_refused() -> None:
    """A lone surrogate is no text and could not be stored or shown."""
    assert not is_branch_name("a\ud800")


@given(name=st.text(alphabet=st.sampled_from("ab./@{~^:?*[\\-$ lock\t"), max_size=12))
def test_git_agrees(name: str) -> None:
    """Our reading of git's rule is git's."""
    assert is_branch_name(name) == git_takes(name)


def test_only_heads_are_branches() -> None:
    """Tags, notes and look-alikes are other refs."""
    assert branch_of("refs/heads/feature/a") == "feature/a"
    assert branch_of("refs/heads/refs/tags/v1") == "refs/tags/v1"
    for ref in ("refs/tags/v1", "refs/notes/commits", "refs/pull/1/head", "main", "refs/heads", "REFS/HEADS/main"):
        assert branch_of(ref) is None


def git_takes(name: str) -> bool:
    """Ask git."""
    return subprocess.run(["git", "check-ref-format", f"refs/heads/{name}"], check=False).returncode == 0
