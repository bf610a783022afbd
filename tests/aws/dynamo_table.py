"""The platform's table in memory, in moto."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from unittest.mock import patch

import boto3
from aws.simple_storage import REGION, one_at_a_time
from moto import mock_aws
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table

from battleshiper.platform.store.dynamodb.table import LISTING, LISTINGS, PARTITION, POSITION, SORT

TABLE = "battleshiper"


def table_definition() -> dict[str, Any]:
    """Return the arguments of CreateTable. The stack's table is the same."""
    keys = (PARTITION, SORT, LISTING, POSITION)
    return {
        "TableName": TABLE,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in keys],
        "KeySchema": _schema(PARTITION, SORT),
        "GlobalSecondaryIndexes": [
            {
                "IndexName": LISTINGS,
                "KeySchema": _schema(LISTING, POSITION),
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
    }


@contextmanager
def dynamo_client() -> Iterator[Any]:
    """Yield a client of a DynamoDB with an empty table."""
    with mock_aws(), small_copies():
        client = _client()
        client.create_table(**table_definition())
        yield client


@contextmanager
def small_copies() -> Iterator[None]:
    """Let moto copy, for each transaction, the partitions that it writes to, and not for each write the whole table."""
    transact = DynamoDBBackend.transact_write_items
    copies: dict[int, Table] = {}
    written: set[DynamoType] = set()

    def copy_written(table: Table, _: dict[int, Any]) -> Table:
        if id(table) not in copies:
            made = copies[id(table)] = copy.copy(table)
            made.items = copy.copy(table.items)
            made.items.update({each: copy.deepcopy(table.items[each]) for each in written & set(table.items)})
        return copies[id(table)]

    def write(backend: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
        copies.clear()
        requests = [request for item in transact_items for request in item.values()]
        written.clear()
        written.update(DynamoType((each.get("Key") or each["Item"])[PARTITION]) for each in requests)
        transact(backend, transact_items)

    with (
        patch.object(Table, "__deepcopy__", copy_written, create=True),
        patch.object(DynamoDBBackend, "transact_write_items", write),
    ):
        yield


@cache
def _client() -> Any:
    client = boto3.client("dynamodb", region_name=REGION, aws_access_key_id="AKIATEST", aws_secret_access_key="secret")
    one_at_a_time(client)
    return client


def _schema(partition: str, sort: str) -> list[dict[str, str]]:
    return [{"AttributeName": partition, "KeyType": "HASH"}, {"AttributeName": sort, "KeyType": "RANGE"}]
