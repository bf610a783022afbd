"""The environment variables of projects."""

from collections.abc import Sequence
from typing import Protocol

from battleshiper.platform.model.variable import Variable


class Variables(Protocol):
    """The environment variables of projects, sealed as they are given."""

    def variables(self, project_id: str) -> Sequence[Variable]:
        """Return a project's variables by name and scope; none for a project that is not there."""
        ...

    def keep_variable(self, project_id: str, variable: Variable) -> None:
        """Keep a variable in place of the one of its name and scope. Raises MissingError without the project."""
        ...

    def forget_variable(self, project_id: str, name: str, scope: str) -> bool:
        """Forget a variable; False when there is none of this name and scope."""
        ...
