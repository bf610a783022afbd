"""Leases: events of one group are handled one at a time, whatever function's environment has them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import uuid4

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class Leases:
    """Leases in the platform's table: `LEASE#<sha256 of the group>`. One that nobody gives back ends by itself."""

    def __init__(self, client: "DynamoDBClient", table: str, clock: Callable[[], datetime]) -> None:
        self._client = client
        self._table = table
        self._clock = clock

    def take(self, group: str, lasting: timedelta) -> str | None:
        """Return the owner's name for a group that nobody else works at now, None where somebody does."""
        now, owner = self._clock(), uuid4().hex
        until = (now + lasting).timestamp()
        try:
            self._client.put_item(
                TableName=self._table,
                Item={**_key(group), "owner": {"S": owner}, "until": {"N": f"{until:.3f}"}, "expires": _seconds(until)},
                ConditionExpression="attribute_not_exists(pk) OR #until < :now",
                ExpressionAttributeNames={"#until": "until"},
                ExpressionAttributeValues={":now": {"N": f"{now.timestamp():.3f}"}},
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return None
        return owner

    def give_back(self, group: str, owner: str) -> None:
        """End a lease, unless it has ended and another has begun."""
        try:
            self._client.delete_item(
                TableName=self._table,
                Key=_key(group),
                ConditionExpression="#owner = :owner",
                ExpressionAttributeNames={"#owner": "owner"},
                ExpressionAttributeValues={":owner": {"S": owner}},
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return


def _key(group: str) -> dict[str, Any]:
    return {"pk": {"S": f"LEASE#{sha256(group.encode('utf-8', 'backslashreplace')).hexdigest()}"}, "sk": {"S": "LEASE"}}


def _seconds(moment: float) -> dict[str, Any]:
    return {"N": str(int(moment) + 3600)}
