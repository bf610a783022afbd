"""How far a stack is."""

from datetime import UTC, datetime

from battleshiper.infra.aws.operation.stacks.events import Event
from battleshiper.infra.aws.operation.stacks.progress import Progress


def event(resource: str, status: str, second: int = 0) -> Event:
    """Return an event; `stack` is the stack itself."""
    at = datetime(2026, 5, 4, 12, 0, second, tzinfo=UTC)
    return Event(f"{resource} {status}", at, resource, "AWS::Test::It", "", status, "", resource == "stack")


def seen(*events: Event) -> Progress:
    """Return the progress after events."""
    progress = Progress(3)
    for each in events:
        progress.see(each)
    return progress


def test_what_is_done_and_what_is_worked_on() -> None:
    """A resource counts once it is complete; the one that was begun first is named."""
    progress = seen(
        event("stack", "CREATE_IN_PROGRESS"),
        event("Table", "CREATE_IN_PROGRESS", 1),
        event("Site", "CREATE_IN_PROGRESS", 2),
        event("Site", "CREATE_IN_PROGRESS", 3),
        event("Queue", "CREATE_IN_PROGRESS", 4),
        event("Table", "CREATE_COMPLETE", 5),
    )
    assert (progress.done, progress.total) == (1, 3)
    assert progress.current is not None
    assert (progress.current.resource, progress.current.at.second) == ("Site", 2)


def test_how_long_it_took() -> None:
    """A resource's time runs from when it was begun; of what nobody saw begin, it is unknown."""
    progress = seen(event("Site", "CREATE_IN_PROGRESS", 2), event("Site", "CREATE_IN_PROGRESS", 9))
    assert progress.seconds_for(event("Site", "CREATE_COMPLETE", 44)) == 42
    assert progress.seconds_for(event("Table", "CREATE_COMPLETE", 44)) is None


def test_clearing_up_counts_nothing_twice() -> None:
    """What is replaced is complete once, though its predecessor is deleted afterwards; what is kept is done with."""
    progress = seen(
        event("Site", "UPDATE_COMPLETE"),
        event("stack", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"),
        event("Site", "DELETE_IN_PROGRESS"),
        event("Site", "DELETE_COMPLETE"),
        event("Table", "DELETE_SKIPPED"),
    )
    assert (progress.done, progress.current) == (2, None)


def test_the_way_back() -> None:
    """A failure is not done with, and what is undone does not count as done."""
    progress = seen(
        event("Site", "CREATE_IN_PROGRESS"),
        event("Site", "CREATE_FAILED"),
        event("stack", "ROLLBACK_IN_PROGRESS"),
        event("Site", "DELETE_COMPLETE"),
    )
    assert (progress.done, progress.is_going_back) == (0, True)
