"""The database: one writer that commits for many, and readers beside it."""

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread

import pytest

from battleshiper.platform.database.database import Database
from battleshiper.platform.database.error import DatabaseClosedError, DatabaseTooNewError, DatabaseUnusableError
from battleshiper.platform.database.migration import migrate, migrations

INSERT = "INSERT INTO routes (key, value) VALUES (?, 'x')"


@pytest.fixture
def database(tmp_path):
    """An empty database."""
    database = Database(tmp_path / "battleshiper.db")
    yield database
    database.close()


def insert(key: str):
    """Return a job that inserts a row, once."""
    return lambda connection: connection.execute(INSERT, (key,)).rowcount


def keys(database) -> set[str]:
    """Return the rows that are there."""
    return {key for (key,) in database.read(lambda connection: connection.execute("SELECT key FROM routes").fetchall())}


class Gate:
    """Holds the writer up, so that jobs pile up behind it."""

    def __init__(self, database: Database) -> None:
        self._entered = Event()
        self._open = Event()
        self._thread = Thread(target=database.write, args=(self._hold,))
        self._thread.start()
        assert self._entered.wait(20)

    def _hold(self, _: sqlite3.Connection) -> None:
        self._entered.set()
        assert self._open.wait(20)

    def open(self) -> None:
        self._open.set()
        self._thread.join()


def test_a_write_is_seen_by_those_who_read_after_it(database):
    """In any thread."""
    assert database.write(insert("a")) == 1
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: keys(database), range(8))) == [{"a"}] * 8


def test_many_writes_share_a_commit_and_each_stands_alone(database):
    """Fifty jobs that piled up take one commit; those that fail undo their own work and nobody else's."""
    commits = []
    gate = Gate(database)
    database.after_commit(lambda: commits.append(1))

    def fail(number: int):
        def work(connection: sqlite3.Connection) -> None:
            connection.execute(INSERT, (f"lost-{number}",))
            raise ArithmeticError(f"job {number}")

        return work

    async def write(number: int) -> int:
        return await database.write_soon(insert(str(number)) if number % 5 else fail(number))

    async def write_all() -> list[int | BaseException]:
        writes = [asyncio.ensure_future(write(number)) for number in range(50)]
        await asyncio.sleep(0)
        gate.open()
        return await asyncio.gather(*writes, return_exceptions=True)

    results = asyncio.run(write_all())
    assert [str(result) for result in results[::5]] == [f"job {number}" for number in range(0, 50, 5)]
    assert keys(database) == {str(number) for number in range(50) if number % 5}
    assert len(commits) == 2  # the gate's, and one for all


def test_one_job_sees_what_the_one_before_it_wrote(database):
    """Jobs of one commit run one after the other."""
    gate = Gate(database)

    def count(connection: sqlite3.Connection) -> int:
        connection.execute("INSERT INTO routes SELECT count(*), 'x' FROM routes")
        return int(connection.execute("SELECT count(*) FROM routes").fetchone()[0])

    async def write_all() -> list[int]:
        writes = [asyncio.ensure_future(database.write_soon(count)) for _ in range(20)]
        await asyncio.sleep(0)
        gate.open()
        return await asyncio.gather(*writes)

    assert asyncio.run(write_all()) == list(range(1, 21))


def test_a_job_that_loses_the_transaction_fails_with_all_of_its_commit(database):
    """What ends the whole transaction, as a full disk does, is told to everybody who lost work; then it goes on."""
    gate = Gate(database)

    def lose(connection: sqlite3.Connection) -> None:
        connection.execute("ROLLBACK")
        raise OSError("the disk is full")

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(database.write, insert("a"))
        second = pool.submit(database.write, lose)
        while database._writer._jobs.qsize() < 2:  # both wait behind the gate
            pass
        gate.open()
        errors = [future.exception() for future in (first, second)]
    assert [str(error) for error in errors] == ["the disk is full"] * 2
    assert keys(database) == set()
    database.write(insert("b"))
    assert keys(database) == {"b"}


def test_a_caller_that_stops_waiting_has_written_all_the_same(database):
    """Canceling the wait does not cancel the work, and wakes nobody wrongly."""
    gate = Gate(database)

    async def cancel_one_of_two() -> int:
        canceled = asyncio.ensure_future(database.write_soon(insert("a")))
        kept = asyncio.ensure_future(database.write_soon(insert("b")))
        await asyncio.sleep(0)
        canceled.cancel()
        gate.open()
        return await kept

    assert asyncio.run(cancel_one_of_two()) == 1
    assert keys(database) == {"a", "b"}


def test_a_loop_that_is_gone_holds_up_nobody(database):
    """Its write is done, and the writer goes on."""
    gate = Gate(database)

    async def leave() -> None:
        waiting = asyncio.ensure_future(database.write_soon(insert("a")))
        await asyncio.sleep(0)
        waiting.cancel()

    asyncio.run(leave())
    gate.open()
    assert asyncio.run(database.write_soon(insert("b"))) == 1
    assert keys(database) == {"a", "b"}


def test_a_job_that_would_wait_for_itself_is_told_so(database):
    """Instead of standing still for ever."""
    with pytest.raises(RuntimeError, match="must not start another write"):
        database.write(lambda _: database.write(insert("a")))


def test_closing_finishes_what_was_asked_for(tmp_path):
    """Everything that was submitted is written; what comes later is refused."""
    database = Database(tmp_path / "battleshiper.db")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: database.write(insert(str(number))), range(40)))
    database.close()
    database.close()
    with pytest.raises(DatabaseClosedError):
        database.write(insert("late"))
    with pytest.raises(DatabaseClosedError):
        keys(database)
    again = Database(tmp_path / "battleshiper.db")
    assert keys(again) == {str(number) for number in range(40)}
    again.close()


def test_a_listener_that_fails_costs_nothing(database, caplog):
    """The write stands, the failure is logged, and the writer goes on."""

    def fail() -> None:
        raise ValueError("deaf")

    database.after_commit(fail)
    database.write(insert("a"))
    database.write(insert("b"))
    assert keys(database) == {"a", "b"}
    assert "deaf" in caplog.text


def test_commits_are_durable_and_references_checked(database):
    """The settings that this rests on are in force on every connection."""
    for ask in (database.write, database.read):
        for pragma, value in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)):
            assert ask(lambda connection, name=pragma: connection.execute(f"PRAGMA {name}").fetchone()[0]) == value


def test_an_old_file_is_brought_up_to_date(tmp_path):
    """Only the steps it lacks are taken, and what is in it stays."""
    path = tmp_path / "battleshiper.db"
    connection = sqlite3.connect(path, isolation_level=None)
    first = "CREATE TABLE ships (name TEXT) STRICT;\nINSERT INTO ships VALUES ('Aurora');"
    second = "ALTER TABLE ships ADD COLUMN guns INTEGER;"
    migrate(connection, path, (first,))
    migrate(connection, path, (first, second))
    migrate(connection, path, (first, second))
    assert connection.execute("SELECT * FROM ships").fetchall() == [("Aurora", None)]
    connection.close()


def test_a_step_that_fails_leaves_the_file_as_it_was(tmp_path):
    """A half-done migration is undone."""
    path = tmp_path / "battleshiper.db"
    connection = sqlite3.connect(path, isolation_level=None)
    with pytest.raises(sqlite3.OperationalError):
        migrate(connection, path, ("CREATE TABLE ships (name TEXT);\nCREATE TABLE oops (",))
    assert connection.execute("SELECT count(*) FROM sqlite_schema").fetchone() == (0,)
    assert connection.execute("PRAGMA user_version").fetchone() == (0,)
    connection.close()


def test_a_file_of_a_later_version_is_refused(tmp_path):
    """Rather than damaged; the message says what to do."""
    path = tmp_path / "battleshiper.db"
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {len(migrations()) + 1}")
    connection.close()
    with pytest.raises(DatabaseTooNewError, match="Upgrade battleshiper"):
        Database(path)


def test_a_full_disk_is_told_to_those_it_hits(database):
    """Whatever a caller was told is so: what succeeded is there, what failed is not, and small things go on."""
    database.write(lambda connection: connection.execute("PRAGMA max_page_count = 80"))

    def big(connection: sqlite3.Connection) -> None:
        connection.executemany("INSERT INTO routes VALUES (?, ?)", [(f"big-{n}", "x" * 1000) for n in range(1000)])

    gate = Gate(database)

    async def write_all() -> list[int | BaseException | None]:
        jobs = [insert("before"), big, insert("after")]
        writes = [asyncio.ensure_future(database.write_soon(job)) for job in jobs]
        await asyncio.sleep(0)
        gate.open()
        return await asyncio.gather(*writes, return_exceptions=True)

    before, huge, after = asyncio.run(write_all())
    assert "full" in str(huge)
    assert keys(database) == {name for name, result in (("before", before), ("after", after)) if result == 1}
    database.write(insert("later"))
    assert "later" in keys(database)


def test_a_reader_cannot_write(database):
    """Writes that go past the writer would wait for it, or it for them."""
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        database.read(insert("a"))


@pytest.mark.parametrize("name", ["damaged.db", "no/folder.db"])
def test_a_file_that_cannot_be_used_is_named(tmp_path, name):
    """The message says which and what to do."""
    (tmp_path / "damaged.db").write_bytes(b"this is not a database" * 100)
    with pytest.raises(DatabaseUnusableError, match=f"{name} cannot be used: .*restore a copy"):
        Database(tmp_path / name)
