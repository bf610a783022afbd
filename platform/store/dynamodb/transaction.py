"""A transaction: writes that happen together or not at all, each under its condition."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from battleshiper.platform.store.dynamodb.error import StaleError
from battleshiper.platform.store.dynamodb.table import Key
from battleshiper.platform.store.dynamodb.values import Value, Values, to_attributes, to_key

MOST_WRITES = 100
"""Source: the API reference of TransactWriteItems."""
IS_NEW = "attribute_not_exists(#pk)"
IS_THERE = "attribute_exists(#pk)"
_PASSING = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})


class Transaction:
    """Collects writes, at most one for a row and `MOST_WRITES` in all.

    In conditions and changes, `#name` is an attribute and `:name` one of `values`. `refusal` is what to raise when the
    condition does not hold; by itself the step is stale.
    """

    def __init__(self) -> None:
        self.writes: list[tuple[str, dict[str, Any]]] = []
        self._refusals: list[Exception | None] = []

    def put(
        self,
        row: Mapping[str, Value | None],
        condition: str = "",
        values: Values | None = None,
        refusal: Exception | None = None,
    ) -> None:
        """Write a whole row."""
        self._add("Put", {"Item": to_attributes(row)}, condition, values, refusal)

    def update(
        self,
        key: Key,
        change: str,
        condition: str = "",
        values: Values | None = None,
        refusal: Exception | None = None,
    ) -> None:
        """Change attributes of a row."""
        self._add("Update", {"Key": to_key(key), "UpdateExpression": change}, condition, values, refusal)

    def delete(
        self,
        key: Key,
        condition: str = "",
        values: Values | None = None,
        refusal: Exception | None = None,
    ) -> None:
        """Delete a row, which need not be there."""
        self._add("Delete", {"Key": to_key(key)}, condition, values, refusal)

    def check(
        self,
        key: Key,
        condition: str,
        values: Values | None = None,
        refusal: Exception | None = None,
    ) -> None:
        """Hold to what a row says without changing it."""
        self._add("ConditionCheck", {"Key": to_key(key)}, condition, values, refusal)

    def refusal(self, reasons: Sequence[Mapping[str, Any]]) -> Exception | None:
        """Return what to raise for DynamoDB's cancellation reasons, one for each write; None when they are nothing
        that the writes expected."""
        for reason, refusal in zip(reasons, self._refusals, strict=False):
            if reason.get("Code") == "ConditionalCheckFailed":
                return refusal or StaleError()
        if any(reason.get("Code") in _PASSING for reason in reasons):
            return StaleError()
        return None

    def _add(
        self,
        kind: str,
        parameters: dict[str, Any],
        condition: str,
        values: Values | None,
        refusal: Exception | None,
    ) -> None:
        self.writes.append((kind, {**parameters, **expressions(condition, parameters, values)}))
        self._refusals.append(refusal)


def expressions(condition: str, parameters: Mapping[str, Any], values: Values | None = None) -> dict[str, Any]:
    """Return the parameters of a request for a condition, and for the names and values in it and in the request's
    other expressions."""
    text = " ".join([condition, parameters.get("UpdateExpression", ""), parameters.get("KeyConditionExpression", "")])
    made: dict[str, Any] = {"ConditionExpression": condition} if condition else {}
    if names := set(re.findall(r"#(\w+)", text)):
        made["ExpressionAttributeNames"] = {f"#{name}": name for name in names}
    if values:
        made["ExpressionAttributeValues"] = {f":{name}": typed for name, typed in to_attributes(values).items()}
    return made
