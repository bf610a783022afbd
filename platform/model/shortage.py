"""What a deployment fails for that neither its owner nor the platform can mend."""


class ShortageError(Exception):
    """The platform has no room left or may not do what it must; only its operator can change that.

    The message is the operator's: what is missing, and what to do. `for_owner` is what the site's owner is told.
    """

    def __init__(self, for_operator: str, for_owner: str) -> None:
        self.for_owner = for_owner
        super().__init__(for_operator)
