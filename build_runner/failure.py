"""How a build fails."""

from battleshiper.platform.model.result import BuildFailure, FailureCode


class BuildError(Exception):
    """The build cannot go on. `message` is the cause, `hint` what to do next; both are read by people."""

    def __init__(self, code: FailureCode, message: str, hint: str = "") -> None:
        self.code = code
        self.message = message
        self.hint = hint
        super().__init__(f"{message} {hint}".rstrip())

    def to_failure(self) -> BuildFailure:
        """Return it as the result carries it."""
        return BuildFailure(code=self.code, message=self.message, hint=self.hint)


class RunnerError(Exception):
    """The runner cannot even report a result: it has no instructions or cannot upload."""
