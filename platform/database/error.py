"""What can go wrong with the database as a whole."""

from pathlib import Path


class DatabaseError(Exception):
    """The database cannot be used."""


class DatabaseClosedError(DatabaseError):
    """The database was closed; the platform is stopping."""

    def __init__(self) -> None:
        super().__init__("the database is closed because the platform is stopping")


class DatabaseUnusableError(DatabaseError):
    """The file cannot be opened, or is no database."""

    def __init__(self, path: Path, why: str) -> None:
        self.path = path
        self.why = why
        super().__init__(
            f"{path} cannot be used: {why}. Check that its folder is there and yours; "
            "if the file itself is damaged, restore a copy of it."
        )


class DatabaseTooNewError(DatabaseError):
    """The file was written by a later version of the platform."""

    def __init__(self, path: Path, found: int, known: int) -> None:
        self.path = path
        self.found = found
        self.known = known
        super().__init__(
            f"{path} has schema version {found}, and this battleshiper knows versions up to {known}. "
            "Upgrade battleshiper, or restore the copy that was made before the upgrade."
        )


class EngineTooOldError(DatabaseError):
    """Python was built with an SQLite that lacks what we need."""

    def __init__(self, found: str, needed: str) -> None:
        self.found = found
        self.needed = needed
        super().__init__(f"this Python has SQLite {found}; battleshiper needs {needed} or later. Use a newer Python.")


class DataDirectoryInUseError(DatabaseError):
    """Another process works in the data directory. `process_id` is None when it has not said who it is."""

    def __init__(self, directory: Path, process_id: int | None) -> None:
        self.directory = directory
        self.process_id = process_id
        who, stop = (
            ("another battleshiper", "it")
            if process_id is None
            else (
                f"another battleshiper (process {process_id})",
                f"it (kill {process_id})",
            )
        )
        super().__init__(
            f"{directory} is in use by {who}. Stop {stop} first, or choose another folder with BATTLESHIPER_DATA_DIR."
        )
