"""What goes wrong for a user, as one line and what to do."""


class CommandError(Exception):
    """A command cannot do what was asked. `message` is one line; `hint` says what to do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        self.message = message
        self.hint = hint
        super().__init__(message)
