"""Rows as DynamoDB takes and gives them: each value with its type, numbers as text."""

from collections.abc import Iterable, Mapping
from typing import Any

from battleshiper.platform.database.text import storable
from battleshiper.platform.store.dynamodb.table import PARTITION, SORT, Key

Value = str | int | bool | bytes
Values = Mapping[str, Value]
Row = Mapping[str, Any]
"""An item by attribute, of `Value`s. An attribute that would be None is not there."""


def to_attributes(row: Mapping[str, Value | None]) -> dict[str, Any]:
    """Return a row as DynamoDB takes it, without what is None and with text made storable."""
    return {name: _to_attribute(value) for name, value in row.items() if value is not None}


def from_attributes(item: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return an item of DynamoDB as a row."""
    return {name: _from_attribute(typed) for name, typed in item.items()}


def to_key(key: Key) -> dict[str, Any]:
    """Return a key as DynamoDB takes it."""
    return to_attributes(dict(zip((PARTITION, SORT), key, strict=True)))


def keyed(key: Key, values: Mapping[str, Value | None] | None = None) -> dict[str, Value | None]:
    """Return the row with a key and values."""
    return {PARTITION: key[0], SORT: key[1], **(values or {})}


def key_of(row: Row) -> Key:
    """Return a row's key."""
    return row[PARTITION], row[SORT]


def setting(names: Iterable[str]) -> str:
    """Return the update that sets attributes to the values of their names."""
    return "SET " + ", ".join(f"#{name} = :{name}" for name in names)


def _to_attribute(value: Value) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, int):
        return {"N": str(value)}
    if isinstance(value, bytes):
        return {"B": value}
    return {"S": storable(value)}


def _from_attribute(typed: Mapping[str, Any]) -> Value:
    ((kind, value),) = typed.items()
    return int(value) if kind == "N" else value
