"""A CloudFormation that does what a test tells it to: what the emulator cannot, such as failing half way."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

ID = "arn:aws:cloudformation:eu-central-1:111111111111:stack/Battleshiper/1"
Happening = tuple[str, str] | tuple[str, str, str]
"""A resource (or "stack"), its status, and perhaps a reason."""
NOTHING_CHANGES = {"Status": "FAILED", "StatusReason": "The submitted information didn't contain changes. Submit …"}
CREATED = (("stack", "CREATE_IN_PROGRESS"), ("Table", "CREATE_COMPLETE"), ("stack", "CREATE_COMPLETE"))


def refusal(message: str, code: str = "ValidationError", operation: str = "DescribeStacks") -> ClientError:
    """Return an error as botocore raises it."""
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)


class FakeCloudFormation:
    """One stack. What was called is in `calls`; what a call leads to happens one by one, each time somebody pauses."""

    def __init__(self, status: str | None = None, *, past: Sequence[Happening] = ()) -> None:
        self.status = status
        self.outputs: dict[str, str] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.leads_to: dict[str, list[Happening]] = {}
        self.change_set: dict[str, Any] = {"Status": "CREATE_COMPLETE"}
        self.change_pages: list[list[dict[str, Any]]] = [[]]
        self.early_faults: list[dict[str, Any]] = []
        self._pending: list[Happening] = []
        self._events: list[dict[str, Any]] = []
        self._now = datetime(2026, 5, 4, 12, tzinfo=UTC)
        for happening in past:
            self._happen(happening)
        self.status = status

    @property
    def is_busy(self) -> bool:
        """Tell whether something is still to happen."""
        return bool(self._pending)

    def called(self) -> list[str]:
        """Return what was called that changes something."""
        return [name for name, _ in self.calls]

    def goes_on(self, *happenings: Happening) -> None:
        """Let something go on that nobody here began."""
        self._pending += happenings

    def pause(self, seconds: float) -> None:
        """Let the next thing happen."""
        assert self._pending, "waits for what never happens"
        self._happen(self._pending.pop(0))

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803
        if self.status is None:
            raise refusal(f"Stack with id {StackName} does not exist")
        outputs = [{"OutputKey": key, "OutputValue": value} for key, value in self.outputs.items()]
        stack = {"StackId": ID, "StackStatus": self.status, "CreationTime": self._now, "Outputs": outputs}
        return {"Stacks": [stack]}

    def create_change_set(self, **arguments: Any) -> dict[str, str]:
        self.calls.append(("create_change_set", arguments))
        if arguments["ChangeSetType"] == "CREATE":
            self._happen(("stack", "REVIEW_IN_PROGRESS"))
        return {"Id": "arn:change-set", "StackId": ID}

    def describe_change_set(self, **arguments: Any) -> dict[str, Any]:
        return self.change_set

    def get_paginator(self, operation: str) -> "Pages":
        pages: dict[str, Callable[[], list[dict[str, Any]]]] = {
            "describe_stack_events": lambda: [{"StackEvents": [event]} for event in reversed(self._events)],
            "describe_change_set": lambda: [{"Changes": each} for each in self.change_pages],
            "describe_events": lambda: [{"OperationEvents": self.early_faults}],
        }
        return Pages(pages[operation])

    def __getattr__(self, operation: str) -> Callable[..., None]:
        if operation not in ("execute_change_set", "delete_change_set", "delete_stack", "continue_update_rollback"):
            raise AttributeError(operation)

        def call(**arguments: Any) -> None:
            self.calls.append((operation, arguments))
            self._pending += self.leads_to.get(operation, ())

        return call

    def _happen(self, happening: Happening) -> None:
        resource, status, *reason = happening
        is_stack = resource == "stack"
        if is_stack:
            self.status = None if status == "DELETE_COMPLETE" else status
        self._now += timedelta(seconds=7)
        self._events.append(
            {
                "EventId": str(len(self._events)),
                "StackId": ID,
                "Timestamp": self._now,
                "LogicalResourceId": "Battleshiper" if is_stack else resource,
                "PhysicalResourceId": ID if is_stack else resource.lower(),
                "ResourceType": "AWS::CloudFormation::Stack" if is_stack else f"AWS::Test::{resource}",
                "ResourceStatus": status,
                **({"ResourceStatusReason": reason[0]} if reason else {}),
            }
        )


class Pages:
    """The pages of an answer."""

    def __init__(self, pages: Callable[[], list[dict[str, Any]]]) -> None:
        self._pages = pages

    def paginate(self, **arguments: Any) -> Iterator[dict[str, Any]]:
        return iter(self._pages())


class FakeClients:
    """Makes these clients, by their services."""

    def __init__(self, **clients: Any) -> None:
        self._clients = clients

    def of(self, service: str, **config: Any) -> Any:
        return self._clients[service]


class Watching:
    """A watch that remembers."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def begin(self, title: str, total: int) -> None:
        self.said.append(f"begin {title} {total}")

    def see(self, event: Any) -> None:
        self.said.append(f"{event.resource} {event.status}")

    def end(self) -> None:
        self.said.append("end")
