"""What AWS may answer instead of what was asked for."""

import json

import boto3
import pytest
from aws.dynamo_platform import canceled, deployment, refusal
from aws.dynamo_table import TABLE
from aws.simple_storage import REGION
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import EndpointConnectionError

from battleshiper.platform.store.dynamodb.error import BusyError, TableError
from battleshiper.platform.store.dynamodb.rows import Rows
from battleshiper.platform.store.dynamodb.table import deployment_key, ticket_key
from battleshiper.platform.store.dynamodb.transaction import IS_NEW, Transaction
from battleshiper.platform.store.dynamodb.values import keyed
from battleshiper.platform.store.port import Comment, StoreError

KEYS = [ticket_key(f"t{number}") for number in range(130)]


def partly(kind: str, processed: int):
    """Do a batch call for some of what was asked, and leave the rest as DynamoDB does when it has no time for it."""

    def call(answer, **asked):
        ((table, request),) = asked["RequestItems"].items()
        if kind == "UnprocessedKeys":
            some = {**request, "Keys": request["Keys"][:processed]}
            rest = {**request, "Keys": request["Keys"][processed:]}
        else:
            some, rest = request[:processed], request[processed:]
        answered = answer(RequestItems={table: some}) if processed else {"Responses": {}}
        return {**answered, kind: {table: rest}}

    return call


def test_more_rows_than_one_call_reads(platform):
    """All that are there come in the order of their keys, however often DynamoDB leaves some for later."""
    for key in KEYS[::2]:
        platform.rows.put(keyed(key))
    platform.client.instead["batch_get_item"] += [partly("UnprocessedKeys", 40), partly("UnprocessedKeys", 10)]
    assert [row["pk"] for row in platform.rows.find_all(reversed(KEYS))] == [pk for pk, _ in reversed(KEYS[::2])]
    assert len(platform.pauses) == 2


def test_more_rows_than_one_call_deletes(platform):
    """All of them go, however often DynamoDB leaves some for later."""
    for key in KEYS:
        platform.rows.put(keyed(key))
    platform.client.instead["batch_write_item"] += [partly("UnprocessedItems", 3), partly("UnprocessedItems", 20)]
    platform.rows.delete_all(KEYS)
    assert not [key for key in platform.items() if key.startswith("TICKET#")]


def test_reading_does_not_go_on_for_ever(platform):
    """A table that has no time for anything is given up."""
    platform.client.instead["batch_get_item"] += [partly("UnprocessedKeys", 0)] * 100
    with pytest.raises(BusyError):
        list(platform.rows.find_all(KEYS))


def test_a_partition_of_many_pages(platform):
    """Rows come by sort key, whichever page they are on."""
    for number in range(25):
        platform.rows.put(keyed(("PARTITION", f"{number:02}")))
    platform.rows.put(keyed(("PARTITION", "other")))
    found = [row["sk"] for row in platform.rows.below("PARTITION", page=4)]
    assert found == [*(f"{number:02}" for number in range(25)), "other"]
    assert [row["sk"] for row in platform.rows.below("PARTITION", "1", newest_first=True, page=3)] == [
        f"1{number}" for number in range(9, -1, -1)
    ]


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        ("AccessDeniedException", "role"),
        ("ResourceNotFoundException", "BATTLESHIPER_TABLE"),
        ("ProvisionedThroughputExceededException", "quotas"),
        ("ThrottlingException", "quotas"),
        ("ExpiredTokenException", "credentials"),
        ("SomethingElse", "said AWS"),
    ],
)
@pytest.mark.parametrize(
    ("method", "step"),
    [
        ("get_item", lambda platform: platform.store.deployment("x1")),
        ("query", lambda platform: platform.store.projects()),
        ("batch_get_item", lambda platform: platform.store.aliases("p1")),
        ("put_item", lambda platform: platform.store.spend_ticket("t", "e", platform.clock())),
        ("update_item", lambda platform: platform.store.keep_comment(1, 7, Comment(5, "text"))),
        ("transact_write_items", lambda platform: platform.store.create_deployment(deployment("x1"))),
    ],
)
def test_what_aws_refuses_says_what_to_do(platform, code, remedy, method, step):
    """The operator reads what was tried on which table and what helps; the pipeline sees an error of the store."""
    platform.client.refuse(method, refusal(code))
    with pytest.raises(TableError, match=remedy) as caught:
        step(platform)
    assert isinstance(caught.value, StoreError)
    assert (caught.value.code, caught.value.table) == (code, TABLE)
    assert caught.value.operation.lower() == method.replace("_", "")
    assert "said AWS" in str(caught.value)


@pytest.mark.parametrize("method", ["get_item", "transact_write_items"])
def test_a_table_out_of_reach(platform, method):
    """No answer at all is an error of the store too."""
    platform.client.refuse(method, EndpointConnectionError(endpoint_url="https://dynamodb.example"))
    with pytest.raises(TableError, match="EndpointConnectionError"):
        platform.store.create_deployment(deployment("x1")) if method != "get_item" else platform.store.deployment("x1")


def test_a_transaction_that_cannot_be(platform):
    """What DynamoDB finds wrong with a write is told, and not taken for a conflict."""
    platform.client.refuse("transact_write_items", canceled("None", "ValidationError"))
    with pytest.raises(TableError, match="ValidationError"):
        platform.store.create_deployment(deployment("x1"))
    assert platform.pauses == []


def test_a_condition_counts_more_than_a_conflict(platform):
    """Where one write is refused for good and another for now, the step is not taken again."""
    transaction = Transaction()
    transaction.put(keyed(KEYS[0]))
    transaction.put(keyed(KEYS[1]), IS_NEW, refusal=LookupError("taken"))
    platform.client.refuse("transact_write_items", canceled("TransactionConflict", "ConditionalCheckFailed"))
    with pytest.raises(LookupError, match="taken"):
        platform.rows.commit(transaction)


def test_a_single_write_waits_for_a_transaction(platform):
    """One that is in the way passes."""
    platform.client.refuse("update_item", refusal("TransactionConflictException"))
    platform.client.refuse("put_item", refusal("TransactionConflictException"))
    platform.store.keep_comment(1, 7, Comment(5, "text"))
    platform.store.spend_ticket("t", "e", platform.clock())
    assert len(platform.pauses) == 2


def test_a_transaction_whose_answer_is_lost(platform):
    """It is sent again with the same token, by which DynamoDB knows it (and moto does not) and takes it for done."""
    client = boto3.client(
        "dynamodb",
        region_name=REGION,
        config=Config(retries={"mode": "standard"}),
        aws_access_key_id="AKIATEST",
        aws_secret_access_key="secret",
    )
    tokens = []

    def lose_first(request, **_):
        tokens.append(json.loads(request.body)["ClientRequestToken"])
        return AWSResponse(request.url, 500, {}, Empty()) if len(tokens) == 1 else None

    client.meta.events.register_first("before-send.dynamodb.TransactWriteItems", lose_first)
    transaction = Transaction()
    transaction.put(keyed(deployment_key("x9")))
    Rows(client, TABLE).commit(transaction)
    assert len(tokens) == 2
    assert len(set(tokens)) == 1
    assert platform.rows.find(deployment_key("x9"))


class Empty:
    """The body of an answer that was lost."""

    def stream(self):
        return iter([b""])
