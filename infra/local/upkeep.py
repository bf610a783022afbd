"""What has to be done now and then, by a thread of its own."""

from collections.abc import Sequence
from threading import Event, Thread

from battleshiper.infra.chore import Chore


class Upkeep:
    """Does chores in rounds, all of them in the first one, soon after the start: things happened while nobody was
    there."""

    def __init__(self, chores: Sequence[Chore], *, first_seconds: float = 5.0, round_seconds: float = 60.0) -> None:
        self._chores = chores
        self._first_seconds = first_seconds
        self._round_seconds = round_seconds
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="upkeep", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def close(self) -> None:
        """Begin nothing more. What is being done is not waited for: each chore may be cut off anywhere."""
        self._stopping.set()

    def join(self) -> None:
        """Wait, after `close`, until nothing is being done any more."""
        self._thread.join()

    def _run(self) -> None:
        pause, rounds = self._first_seconds, 0
        while not self._stopping.wait(pause):
            for chore in self._chores:
                if rounds % chore.every == 0 and not self._stopping.is_set():
                    chore.attempt()
            pause, rounds = self._round_seconds, rounds + 1
