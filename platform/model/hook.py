"""Build hooks: secret addresses that let a branch be deployed, for what changes elsewhere than in the repository."""

from dataclasses import dataclass
from datetime import datetime

MAX_HOOKS = 20
"""Of one project."""
_LONGEST_NAME = 80
_LONGEST_BRANCH = 255


class HookRefusedError(ValueError):
    """A hook cannot be made as it is wished for. `field` is what to change; the message says the rule."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Hook:
    """A hook, known here by the hash of its secret alone."""

    id: str
    project_id: str
    name: str
    """What calls it, in a person's words."""
    branch: str | None
    """None for the production branch, whichever that is."""
    sha256: str
    created_at: datetime
    used_at: datetime | None = None


def check_hook(name: str, branch: str | None) -> None:
    """Raise HookRefusedError unless a hook may be made."""
    if not name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
        raise HookRefusedError("name", f"The name must say in up to {_LONGEST_NAME} characters what calls the hook.")
    if branch is not None and not (0 < len(branch) <= _LONGEST_BRANCH and branch.isprintable()):
        raise HookRefusedError("branch", f"A branch's name has 1 to {_LONGEST_BRANCH} printable characters.")
