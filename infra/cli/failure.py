"""What goes wrong for a user, as one line and what to do."""


class CommandError(Exception):
    """A command cannot do what was asked. `message` is one line; `hint` says what to do about it."""

    def __init__(self, message: str, hint: str = "", exit_code: int = 1) -> None:
        self.message = message
        self.hint = hint
        self.exit_code = exit_code
        super().__init__(message)
