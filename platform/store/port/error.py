"""What a store refuses."""


class StoreError(Exception):
    """Something the store refuses."""


class MissingError(StoreError, LookupError):
    """What was asked for is not there."""

    def __init__(self, kind: str, key: object) -> None:
        self.kind = kind
        self.key = key
        super().__init__(f"there is no {kind} {key!r}")


class ConflictError(StoreError):
    """Somebody else was faster: read again and decide again."""


class SpentError(StoreError):
    """A one-time thing was used before."""
