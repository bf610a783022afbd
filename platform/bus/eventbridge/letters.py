"""Dead letters in the platform's table: `LETTERS`, by the time of their death."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from battleshiper.platform.bus.eventbridge.envelope import read_message, write_message
from battleshiper.platform.bus.port import Bus, DeadLetter
from battleshiper.platform.model.event import Event

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_PARTITION = {"S": "LETTERS"}
_LONGEST_ERROR = 2000


class DynamoDeadLetters:
    """Keeps what no handler could handle. There are few: they are one partition."""

    def __init__(self, client: "DynamoDBClient", table: str, bus: Bus, clock: Callable[[], datetime]) -> None:
        self._client = client
        self._table = table
        self._bus = bus
        self._clock = clock

    def bury(self, event: Event, error: str, attempts: int) -> None:
        """Keep an event that is given up."""
        item = {
            "pk": _PARTITION,
            "sk": {"S": f"{_moment(self._clock())}#{event.id}"},
            "message": {"S": write_message(event, attempts)},
            "error": {"S": error[:_LONGEST_ERROR].encode("utf-8", "backslashreplace").decode()},
        }
        self._client.put_item(TableName=self._table, Item=item)

    def dead_letters(self, limit: int = 50) -> list[DeadLetter]:
        """Return the latest dead letters, newest first."""
        found = []
        for item in self._items(newest_first=True):
            message = read_message(item["message"]["S"])
            if message.event is not None:
                died_at = datetime.fromtimestamp(int(item["sk"]["S"].partition("#")[0]) / 1e6, UTC)
                found.append(DeadLetter(message.event, item["error"]["S"], message.attempts, died_at))
            if len(found) == limit:
                break
        return found

    def revive(self, event_id: str) -> bool:
        """Give a dead letter all its attempts again; False when there is none of this id."""
        for item in self._items(newest_first=True):
            if item["sk"]["S"].partition("#")[2] == event_id:
                event = read_message(item["message"]["S"]).event
                if event is not None:
                    self._bus.publish([event])
                self._delete(item)
                return True
        return False

    def forget_dead_letters(self, before: datetime, limit: int) -> int:
        """Forget old dead letters; return how many."""
        count = 0
        for item in self._items(newest_first=False):
            if item["sk"]["S"] >= _moment(before) or count == limit:
                break
            self._delete(item)
            count += 1
        return count

    def _items(self, *, newest_first: bool) -> Iterator[dict[str, Any]]:
        asked: dict[str, Any] = {
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": {":pk": _PARTITION},
            "ScanIndexForward": not newest_first,
            "ConsistentRead": True,
        }
        while True:
            answer: Any = self._client.query(TableName=self._table, **asked)
            yield from answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return
            asked["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def _delete(self, item: dict[str, Any]) -> None:
        self._client.delete_item(TableName=self._table, Key={"pk": item["pk"], "sk": item["sk"]})


def _moment(moment: datetime) -> str:
    return f"{int(moment.timestamp() * 1e6):017d}"
