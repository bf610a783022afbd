"""Branches as a push names them. A name is data: it is checked for what git allows, and never run or parsed."""

import re

_HEADS = "refs/heads/"
_MAX_NAME = 1000
# git-check-ref-format(1), https://git-scm.com/docs/git-check-ref-format; lone surrogates are not Unicode text at all.
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f~^:?*\[\\\ud800-\udfff]|\.\.|@\{|//|/\.|\.lock/|\A[./]|[./]\Z|\.lock\Z")


def branch_of(ref: str) -> str | None:
    """Return the branch that `ref` is about, None when it is something else (a tag, a note)."""
    return ref.removeprefix(_HEADS) if ref.startswith(_HEADS) else None


def is_branch_name(name: str) -> bool:
    """Tell whether git and GitHub would take `name` for a branch's, and it is not absurdly long. GitHub lets none
    begin with `refs/`, which is how we name what comes from outside."""
    return 0 < len(name) <= _MAX_NAME and not name.startswith("refs/") and _FORBIDDEN.search(name) is None
