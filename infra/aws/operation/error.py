"""What goes wrong for an operator."""


class OperationError(Exception):
    """AWS, or what is needed to speak to it, refuses. `remedy` says what to do about it, or is empty."""

    def __init__(self, message: str, remedy: str = "") -> None:
        self.message = message
        self.remedy = remedy
        super().__init__(message)
