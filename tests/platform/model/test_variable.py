"""Which variables there may be, and which of them a deployment is told."""

from datetime import UTC, datetime

import pytest

from battleshiper.platform.model.deployment import Commit, Environment
from battleshiper.platform.model.pull_request import outside_branch
from battleshiper.platform.model.variable import Variable, VariableRefusedError, check_variable, choose_variables

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ALL = [
    Variable("A", "production", "a-production", NOW),
    Variable("A", "preview", "a-preview", NOW),
    Variable("A", "branch:next", "a-next", NOW),
    Variable("B", "branch:next", "b-next", NOW),
    Variable("C", "preview", "c-preview", NOW),
]


@pytest.mark.parametrize(
    ("environment", "branch", "expected"),
    [
        (Environment.PRODUCTION, "main", ["a-production"]),
        (Environment.PRODUCTION, "next", ["a-production"]),
        (Environment.PREVIEW, "next", ["a-next", "b-next", "c-preview"]),
        (Environment.PREVIEW, "other", ["a-preview", "c-preview"]),
        (Environment.PREVIEW, outside_branch(3), []),
    ],
)
def test_what_a_deployment_is_told(environment: Environment, branch: str, expected: list[str]) -> None:
    """A branch's own goes before what is for all previews, production has its own, and outsiders are told nothing."""
    assert [each.sealed for each in choose_variables(ALL, environment, Commit("a" * 40, branch))] == expected


@pytest.mark.parametrize(
    ("name", "scope", "value"),
    [("API_URL", "production", ""), ("_x1", "preview", "ü" * 8192), ("a", "branch:feature/x", "line\nline")],
)
def test_what_may_be_kept(name: str, scope: str, value: str) -> None:
    """Names as shells have them, any text."""
    check_variable(name, scope, value)


@pytest.mark.parametrize(
    ("name", "scope", "value", "said"),
    [
        ("1A", "production", "", "is no name of a variable"),
        ("A-B", "production", "", "is no name of a variable"),
        ("A" * 129, "production", "", "is no name of a variable"),
        ("PATH", "production", "", "is set by the platform"),
        ("Battleshiper_Branch", "production", "", "is set by the platform"),
        ("A", "staging", "", "is for production, preview or branch:<name>"),
        ("A", "branch:", "", "is for production, preview or branch:<name>"),
        ("A", "production", "x" * 16385, "16,384 bytes"),
        ("A", "production", "a\0b", "NUL"),
    ],
)
def test_what_may_not(name: str, scope: str, value: str, said: str) -> None:
    """With the rule that it breaks."""
    with pytest.raises(VariableRefusedError, match=said):
        check_variable(name, scope, value)
