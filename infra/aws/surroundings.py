"""What a function reads in its environment."""

from collections.abc import Mapping

from battleshiper.infra.aws.variables import Variable


class MissingVariableError(Exception):
    """The stack and the code are not of the same version."""

    def __init__(self, variable: Variable) -> None:
        self.variable = variable
        super().__init__(f"{variable} is not set. The stack sets it: deploy the stack and its functions together.")


class Surroundings:
    """The environment of one of our functions."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = dict(environment)

    def __getitem__(self, variable: Variable) -> str:
        """Return a variable's value; raises MissingVariableError where it is missing or empty."""
        if value := self._environment.get(variable, ""):
            return value
        raise MissingVariableError(variable)

    def text(self, variable: Variable) -> str:
        """Return a variable's value, nothing where it has none."""
        return self._environment.get(variable, "")

    def number(self, variable: Variable) -> int:
        """Return a variable's value as a number; raises MissingVariableError or ValueError."""
        return int(self[variable])
