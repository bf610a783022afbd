"""What happens in a stack while CloudFormation works on it."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from battleshiper.infra.aws.operation.account import asking

if TYPE_CHECKING:
    from types_boto3_cloudformation.client import CloudFormationClient

_FIRST_SECONDS, _MOST_SECONDS = 0.5, 3.0
_STARTS = ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS", "IMPORT_IN_PROGRESS")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a resource, or to the stack itself."""

    id: str
    at: datetime
    resource: str
    type: str
    physical_id: str
    status: str
    reason: str
    is_of_stack: bool

    @property
    def is_start(self) -> bool:
        """Tell whether a change of the stack began with it."""
        return self.is_of_stack and self.status in _STARTS

    @property
    def is_end(self) -> bool:
        """Tell whether a change of the stack ended with it."""
        return self.is_of_stack and not self.status.endswith("_IN_PROGRESS")


def newest_first(cloudformation: "CloudFormationClient", stack: str) -> Iterator[Event]:
    """Yield a stack's events, by its name or, also when it is deleted, by its ARN. Raises OperationError."""
    with asking(f"read the events of the stack {stack}"):
        for page in cloudformation.get_paginator("describe_stack_events").paginate(StackName=stack):
            yield from map(_read, page["StackEvents"])


class Follower:
    """Follows what CloudFormation does to a stack until it is done."""

    def __init__(self, cloudformation: "CloudFormationClient", pause: Callable[[float], None] = time.sleep) -> None:
        self._cloudformation = cloudformation
        self._pause = pause

    def newest(self, stack: str) -> str:
        """Return the newest event's id: what comes after it belongs to what is started now."""
        return next((event.id for event in newest_first(self._cloudformation, stack)), "")

    def follow(self, stack: str, since: str | None) -> Iterator[Event]:
        """Yield what happens after an event, in order; the last one tells how it ended. Without `since`, yield the
        change that goes on, from its beginning. Raises OperationError; may be called again then."""
        seconds = _FIRST_SECONDS
        while True:
            for event in reversed(self._after(stack, since)):
                since = event.id
                yield event
                if event.is_end:
                    return
            self._pause(seconds)
            seconds = min(seconds * 1.5, _MOST_SECONDS)

    def _after(self, stack: str, since: str | None) -> list[Event]:
        found: list[Event] = []
        for event in newest_first(self._cloudformation, stack):
            if event.id == since:
                break
            if since is None and event.is_end:
                # Nothing goes on if nothing is newer.
                return found or [event]
            found.append(event)
        return found


def _read(event: Any) -> Event:
    return Event(
        id=event["EventId"],
        at=event["Timestamp"],
        resource=event["LogicalResourceId"],
        type=event["ResourceType"],
        physical_id=event.get("PhysicalResourceId", ""),
        status=event["ResourceStatus"],
        reason=event.get("ResourceStatusReason", ""),
        is_of_stack=event.get("PhysicalResourceId") == event["StackId"],
    )
