"""Reading and writing rows of the table."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from botocore.exceptions import BotoCoreError, ClientError

from battleshiper.platform.aws.refusal import code_of, message_of
from battleshiper.platform.store.dynamodb.again import Again
from battleshiper.platform.store.dynamodb.error import StaleError, TableError
from battleshiper.platform.store.dynamodb.table import LISTING, LISTINGS, PARTITION, SORT, Key
from battleshiper.platform.store.dynamodb.transaction import Transaction, expressions
from battleshiper.platform.store.dynamodb.values import (
    Row,
    Value,
    Values,
    from_attributes,
    key_of,
    to_attributes,
    to_key,
)

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_MOST_READ = 100
"""Rows that one BatchGetItem reads. Source: its API reference."""
_MOST_DELETED = 25
"""Rows that one BatchWriteItem deletes. Source: its API reference."""


class Rows:
    """The rows of one table. Reads are strongly consistent but for listings; what AWS refuses is a TableError."""

    def __init__(self, client: "DynamoDBClient", table: str, again: Again | None = None) -> None:
        self._client = client
        self._table = table
        self.again = again or Again()
        """Takes steps again that somebody else was in the way of."""

    def find(self, key: Key) -> Row | None:
        """Return a row."""
        with self._calling("GetItem"):
            answer = self._client.get_item(TableName=self._table, Key=to_key(key), ConsistentRead=True)
        return from_attributes(answer["Item"]) if "Item" in answer else None

    def find_all(self, keys: Iterable[Key], batch: int = _MOST_READ) -> Iterator[Row]:
        """Yield those rows that are there, in the order of their keys, which are taken `batch` at a time."""
        remaining = iter(keys)
        while some := list(islice(remaining, min(batch, _MOST_READ))):
            found = {key_of(row): row for row in self._find_some(some)}
            yield from (found[key] for key in some if key in found)

    def below(self, partition: str, prefix: str = "", *, newest_first: bool = False, page: int = 1000) -> Iterator[Row]:
        """Yield a partition's rows by sort key, those whose sort key begins with `prefix`."""
        condition = f"#{PARTITION} = :partition"
        values = {"partition": partition}
        if prefix:
            condition += f" AND begins_with(#{SORT}, :prefix)"
            values["prefix"] = prefix
        return self._query(condition, values, ConsistentRead=True, ScanIndexForward=not newest_first, Limit=page)

    def listed(self, listing: str, *, newest_first: bool = False, page: int = 1000) -> Iterator[Row]:
        """Yield keys and positions of what is in a listing, by position, as it was a moment ago."""
        condition = f"#{LISTING} = :listing"
        return self._query(
            condition, {"listing": listing}, IndexName=LISTINGS, ScanIndexForward=not newest_first, Limit=page
        )

    def put(self, row: Mapping[str, Value | None], condition: str = "", values: Values | None = None) -> bool:
        """Write a row; False when the condition does not hold."""
        parameters: dict[str, Any] = {"Item": to_attributes(row)}
        parameters |= expressions(condition, parameters, values)
        try:
            with self._calling("PutItem"):
                self._client.put_item(TableName=self._table, **parameters)
        except _UnmetError:
            return False
        return True

    def update(self, key: Key, change: str, condition: str = "", values: Values | None = None) -> Row | None:
        """Change a row and return it as it is then; None when the condition does not hold."""
        parameters: dict[str, Any] = {"Key": to_key(key), "UpdateExpression": change}
        parameters |= expressions(condition, parameters, values)
        try:
            with self._calling("UpdateItem"):
                answer = self._client.update_item(TableName=self._table, ReturnValues="ALL_NEW", **parameters)
        except _UnmetError:
            return None
        return from_attributes(answer["Attributes"])

    def delete(self, key: Key, condition: str = "", values: Values | None = None) -> bool:
        """Delete a row; False when the condition does not hold."""
        parameters: dict[str, Any] = {"Key": to_key(key)}
        parameters |= expressions(condition, parameters, values)
        try:
            with self._calling("DeleteItem"):
                self._client.delete_item(TableName=self._table, **parameters)
        except _UnmetError:
            return False
        return True

    def delete_all(self, keys: Iterable[Key]) -> None:
        """Delete rows, which need not be there. May be cut off anywhere."""
        remaining = iter(keys)
        while some := list(islice(remaining, _MOST_DELETED)):
            request: Any = {self._table: [{"DeleteRequest": {"Key": to_key(key)}} for key in some]}
            self.again(lambda request=request: self._delete_some(request))  # type: ignore[misc]

    def commit(self, transaction: Transaction) -> None:
        """Write everything or nothing; raises the refusal of the first write whose condition does not hold, and
        StaleError when another transaction is in the way. Safe when the answer is lost on its way: what is sent again
        has the same token."""
        if not transaction.writes:
            return
        writes: Any = [{kind: {"TableName": self._table, **write}} for kind, write in transaction.writes]
        try:
            self._client.transact_write_items(TransactItems=writes, ClientRequestToken=str(uuid4()))
        except ClientError as error:
            raise transaction.refusal(_reasons(error)) or self._refused("TransactWriteItems", error) from error
        except BotoCoreError as error:
            raise self._unreachable("TransactWriteItems", error) from error

    def _find_some(self, keys: list[Key]) -> list[Row]:
        found: list[Row] = []
        wanted: Any = {self._table: {"Keys": [to_key(key) for key in dict.fromkeys(keys)], "ConsistentRead": True}}

        def read() -> None:
            with self._calling("BatchGetItem"):
                answer = self._client.batch_get_item(RequestItems=wanted)
            found.extend(map(from_attributes, answer["Responses"].get(self._table, [])))
            if unprocessed := answer.get("UnprocessedKeys"):
                wanted.update(unprocessed)
                raise StaleError

        self.again(read)
        return found

    def _delete_some(self, request: Any) -> None:
        with self._calling("BatchWriteItem"):
            answer = self._client.batch_write_item(RequestItems=request)
        if unprocessed := answer.get("UnprocessedItems"):
            request.update(unprocessed)
            raise StaleError

    def _query(self, condition: str, values: Values, **options: Any) -> Iterator[Row]:
        asked: dict[str, Any] = {"KeyConditionExpression": condition, **options}
        asked |= expressions("", asked, values)
        while True:
            with self._calling("Query"):
                answer = self._client.query(TableName=self._table, **asked)
            yield from map(from_attributes, answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return
            asked["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    @contextmanager
    def _calling(self, operation: str) -> Iterator[None]:
        try:
            yield
        except ClientError as error:
            raise self._refused(operation, error) from error
        except BotoCoreError as error:
            raise self._unreachable(operation, error) from error

    def _refused(self, operation: str, error: ClientError) -> Exception:
        code = code_of(error)
        if code == "ConditionalCheckFailedException":
            return _UnmetError()
        if code == "TransactionConflictException":
            return StaleError()
        reasons = [reason for reason in _reasons(error) if reason.get("Code") not in (None, "None")]
        if reasons:
            code, said = reasons[0]["Code"], reasons[0].get("Message", "")
        else:
            said = message_of(error)
        return TableError(self._table, operation, code, said)

    def _unreachable(self, operation: str, error: BotoCoreError) -> TableError:
        return TableError(self._table, operation, type(error).__name__, str(error))


class _UnmetError(Exception):
    """A condition does not hold."""


def _reasons(error: ClientError) -> list[Mapping[str, Any]]:
    reasons: list[Mapping[str, Any]] = error.response.get("CancellationReasons", [])  # type: ignore[assignment]
    return reasons
