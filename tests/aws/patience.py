"""Waiting without waiting."""

from collections.abc import Callable

from battleshiper.infra.aws.operation.waiting import Waiting


class Patience:
    """A clock that runs as somebody sleeps, and what was told meanwhile."""

    def __init__(self) -> None:
        self.now = 0.0
        self.told: list[str] = []
        self.waiting = Waiting(self.told.append, lambda: self.now, self._sleep)
        self._later: list[tuple[float, Callable[[], None]]] = []

    @property
    def text(self) -> str:
        """All that was told."""
        return "\n".join(self.told)

    def after(self, seconds: float, happen: Callable[[], None]) -> None:
        """Have something happen while somebody sleeps."""
        self._later.append((seconds, happen))

    def _sleep(self, seconds: float) -> None:
        assert seconds > 0, "a wait without a pause"
        self.now += seconds
        due = [each for each in self._later if each[0] <= self.now]
        self._later = [each for each in self._later if each[0] > self.now]
        for _, happen in due:
            happen()
