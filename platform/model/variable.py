"""Environment variables: what a project tells its builds besides its files."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from battleshiper.platform.model.deployment import Commit, Environment

MAX_VARIABLES = 200
MAX_VALUE_BYTES = 16 * 1024
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
_OURS = re.compile(r"BATTLESHIPER.*|PATH|HOME|TMPDIR|CI", re.IGNORECASE)
_BRANCH = "branch:"


class VariableRefusedError(ValueError):
    """A variable cannot be kept as it is; the message says what to do, and `field` which part of it is wrong: `name`,
    `scope` or `value`, empty where it is none of them."""

    def __init__(self, message: str, field: str = "") -> None:
        self.field = field
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable of a project, for one scope. Its value is sealed: whoever reads the store does not read it."""

    name: str
    scope: str
    """`production`, `preview`, or `branch:` and a branch's name, whose previews it is for."""
    sealed: str
    updated_at: datetime


def check_variable(name: str, scope: str, value: str) -> None:
    """Raise VariableRefusedError unless a variable may be kept."""
    if not _NAME.fullmatch(name):
        raise VariableRefusedError(
            f"{name[:128]!r} is no name of a variable: up to 128 letters, digits and underscores, no digit first.",
            "name",
        )
    if _OURS.fullmatch(name):
        raise VariableRefusedError(f"{name} is set by the platform. Choose another name.", "name")
    if scope not in (*Environment, _BRANCH + scope.removeprefix(_BRANCH)) or scope == _BRANCH:
        raise VariableRefusedError(
            f"A variable is for production, preview or branch:<name>, not for {scope[:100]!r}.", "scope"
        )
    if "\0" in value or len(value.encode("utf-8", "surrogatepass")) > MAX_VALUE_BYTES:
        raise VariableRefusedError(
            f"The value of {name} may have {MAX_VALUE_BYTES:,} bytes and no NUL character.", "value"
        )


def choose_variables(variables: Iterable[Variable], environment: Environment, commit: Commit) -> list[Variable]:
    """Return what a deployment is told, by name: a branch's own before what is for all previews. What was written by
    somebody who may not push is told nothing."""
    if commit.is_outside:
        return []
    scopes = [environment.value]
    if environment is Environment.PREVIEW:
        scopes.append(_BRANCH + commit.branch)
    known = list(variables)
    chosen = {each.name: each for scope in scopes for each in known if each.scope == scope}
    return [chosen[name] for name in sorted(chosen)]
