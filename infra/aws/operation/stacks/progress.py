"""How far CloudFormation is with a stack."""

from dataclasses import dataclass, field
from typing import Protocol

from battleshiper.infra.aws.operation.stacks.events import Event


class Watch(Protocol):
    """Who is told how it goes."""

    def begin(self, title: str, total: int) -> None:
        """Work on a stack begins; `total` is 0 where nobody knows how much there is to do."""
        ...

    def see(self, event: Event) -> None:
        """Something happened."""
        ...

    def end(self) -> None:
        """Nothing more happens, however it went."""
        ...


@dataclass(slots=True)
class Progress:
    """What a change of a stack has come to, from its events."""

    total: int = 0
    is_going_back: bool = False
    """Whether CloudFormation undoes what it did."""
    _done: set[str] = field(default_factory=set)
    _working: dict[str, Event] = field(default_factory=dict)

    @property
    def done(self) -> int:
        """How many resources are done with."""
        return len(self._done)

    @property
    def current(self) -> Event | None:
        """The resource that has been worked on for longest, as it began."""
        return next(iter(self._working.values()), None)

    def see(self, event: Event) -> None:
        """Take an event into account."""
        if event.is_of_stack:
            if "ROLLBACK" in event.status:
                self.is_going_back = True
            return
        if event.status.endswith("_IN_PROGRESS"):
            self._working.setdefault(event.resource, event)
            return
        self._working.pop(event.resource, None)
        if not event.status.endswith("_FAILED") and not self.is_going_back:
            self._done.add(event.resource)

    def seconds_for(self, event: Event) -> int | None:
        """Return how long a resource has been worked on until an event of it, which has not been seen yet."""
        began = self._working.get(event.resource)
        return None if began is None else round((event.at - began.at).total_seconds())
