"""What the platform keeps is read by its owner alone."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from battleshiper.infra.local.github.records.database import Database as StandinDatabase
from battleshiper.platform.database.database import Database
from battleshiper.platform.database.error import DatabaseUnusableError


@pytest.fixture(autouse=True)
def _careless() -> Iterator[None]:
    """A user whose files everybody may read and write."""
    before = os.umask(0)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, str]:
    return {path.name: oct(path.stat().st_mode & 0o777) for path in folder.iterdir()}


def test_new_files(tmp_path: Path) -> None:
    """The database and the files beside it are made for their owner alone."""
    database = Database(tmp_path / "battleshiper.db")
    database.write(lambda connection: connection.execute("PRAGMA user_version").fetchone())
    assert modes(tmp_path) == {f"battleshiper.db{end}": "0o600" for end in ("", "-wal", "-shm")}
    database.close()


def test_files_of_before(tmp_path: Path) -> None:
    """Files that others could read are closed to them, those that a crash left included; what is in them stays."""
    path = tmp_path / "battleshiper.db"
    first = Database(path)
    first.write(lambda connection: connection.execute("INSERT INTO routes VALUES ('a', 'b')"))
    for each in tmp_path.iterdir():
        each.chmod(0o644)
    second = Database(path)
    assert set(modes(tmp_path).values()) == {"0o600"}
    assert second.read(lambda connection: connection.execute("SELECT * FROM routes").fetchall()) == [("a", "b")]
    second.close()
    first.close()


def test_the_standin(tmp_path: Path) -> None:
    """The stand-in's database has tokens in it."""
    database = StandinDatabase(tmp_path / "github.db")
    assert set(modes(tmp_path).values()) == {"0o600"}
    database.close()


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """It is told as other faults of the file are."""
    with pytest.raises(DatabaseUnusableError):
        Database(tmp_path / "nowhere" / "battleshiper.db")
