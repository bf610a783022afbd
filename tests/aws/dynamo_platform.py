"""A platform over the table whose bus, clock and calls to AWS a test may meddle with."""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from aws.dynamo_table import TABLE
from botocore.exceptions import ClientError

from battleshiper.platform.model.delivery import Delivery
from battleshiper.platform.model.deployment import Commit, Environment, Origin
from battleshiper.platform.model.event import Event
from battleshiper.platform.store.dynamodb.again import Again
from battleshiper.platform.store.dynamodb.outbox import Relay
from battleshiper.platform.store.dynamodb.rows import Rows
from battleshiper.platform.store.dynamodb.store import DynamoStore
from battleshiper.platform.store.port import NewDeployment, NewProject


def refusal(code: str, operation: str = "", **more: Any) -> ClientError:
    """Return an error as AWS answers it."""
    return ClientError({"Error": {"Code": code, "Message": "said AWS"}, **more}, operation)


def canceled(*codes: str) -> ClientError:
    """Return a transaction's cancellation with a reason for each write."""
    reasons = [{"Code": code} for code in codes]
    return refusal("TransactionCanceledException", "TransactWriteItems", CancellationReasons=reasons)


class Meddler:
    """A client that notes every call, and does what a test wants before one, in place of one or after one."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.calls: list[tuple[str, dict[str, Any], Any]] = []
        """Every call that was answered, as (method, parameters, answer)."""
        self.before: dict[str, list[Callable[[], None]]] = defaultdict(list)
        """What to do before the next calls of a method; it may raise what AWS would."""
        self.instead: dict[str, list[Callable[..., Any]]] = defaultdict(list)

    def __getattr__(self, method: str) -> Any:
        call = getattr(self.client, method)

        def meddle(**parameters: Any) -> Any:
            for request in _requests(parameters):
                _check_values(request)
            if self.before[method]:
                self.before[method].pop(0)()
            if self.instead[method]:
                return self.instead[method].pop(0)(call, **parameters)
            answer = call(**parameters)
            self.calls.append((method, parameters, answer))
            return answer

        return meddle

    def refuse(self, method: str, *errors: Exception) -> None:
        """Let the next calls of a method fail."""

        def fail(error: Exception) -> None:
            raise error

        self.before[method] += [lambda error=error: fail(error) for error in errors]  # type: ignore[misc]


def _requests(parameters: dict[str, Any]) -> list[dict[str, Any]]:
    return [request for item in parameters.get("TransactItems", []) for request in item.values()] or [parameters]


def _check_values(request: dict[str, Any]) -> None:
    """Refuse values that no expression uses, as DynamoDB does and moto does not."""
    used = " ".join(text for name, text in request.items() if name.endswith("Expression"))
    unused = set(request.get("ExpressionAttributeValues", {})) - set(re.findall(r":\w+", used))
    assert not unused, f"unused in {used!r}: {unused}"


@dataclass
class Clock:
    """A clock that stands still until it is told otherwise."""

    now: datetime = datetime(2026, 5, 4, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, time: timedelta) -> None:
        self.now += time


@dataclass
class FakeBus:
    """A bus that remembers, unless it is broken."""

    published: list[Event] = field(default_factory=list)
    failure: BaseException | None = None

    def publish(self, events: Sequence[Event]) -> None:
        if self.failure:
            raise self.failure
        self.published += events


@dataclass
class Platform:
    """One process of the platform over the table."""

    client: Meddler
    bus: FakeBus = field(default_factory=FakeBus)
    clock: Clock = field(default_factory=Clock)
    pauses: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rows = Rows(self.client, TABLE, Again(pause=self.pauses.append))  # type: ignore[arg-type]
        self.relay = Relay(self.rows, self.bus, self.clock)
        self.store = DynamoStore(self.rows, self.relay, self.clock)

    def another(self) -> "Platform":
        """Return another process of the same platform, whose calls are not meddled with."""
        return Platform(Meddler(self.client.client), self.bus, self.clock)

    def shown(self) -> dict[str, str]:
        """Return which label points where."""
        return {alias.label: alias.deployment_id for alias in self.store.aliases()}

    def items(self) -> list[str]:
        """Return the keys of everything in the table."""
        pages = self.client.client.get_paginator("scan").paginate(TableName=TABLE)
        return sorted(f"{item['pk']['S']} {item['sk']['S']}" for page in pages for item in page["Items"])

    def deliver(self, id_: str, **decided: Any) -> bool:
        """Accept a delivery."""
        return self.store.accept(Delivery(id_, "push", "octo/shop", self.clock(), ()), **decided)


def project(number: int, name: str, **values: Any) -> NewProject:
    """Return a project to create, `p<number>` of repository <number>."""
    given = {"id": f"p{number}", "names": (name,), "repository_id": number, "repository": f"octo/{name}", **values}
    return NewProject(installation_id=1, account_id=2, **given)


def deployment(id_: str, project_id: str = "p1", branch: str = "main", **values: Any) -> NewDeployment:
    """Return a deployment to create."""
    given = {"environment": Environment.PRODUCTION, "origin": Origin.PUSH, **values}
    return NewDeployment(id_, project_id, Commit("a" * 40, branch), **given)
