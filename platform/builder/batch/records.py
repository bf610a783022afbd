"""The records of build jobs, in the platform's DynamoDB table: `JOB#<deployment>`, one item each."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from battleshiper.platform.builder.batch.record import Capacity, JobRecord

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_KEPT = timedelta(days=400)
"""How long a job's log can be found, which is longer than the log itself is kept."""
_PRESENT = "submission = :submission AND canceled = :no"
"""The record is still about the submission that the caller has seen, and wanted."""


class JobRecords:
    """Reads and changes records. Every change is one conditional write."""

    def __init__(self, client: "DynamoDBClient", table: str, clock: Callable[[], datetime]) -> None:
        self._client = client
        self._table = table
        self._clock = clock

    def add(self, record: JobRecord) -> bool:
        """Add the record of a new job; False when there is one already, which stays as it is."""
        expires = int((self._clock() + _KEPT).timestamp())
        item = {
            **_key(record.deployment_id),
            "project": {"S": record.project_id},
            "account": {"N": str(record.account_id)},
            "ticket": {"S": record.deploy_ticket},
            "seconds": {"N": str(record.seconds)},
            "submission": {"N": str(record.submission)},
            "machines": {"S": record.capacity.value},
            "batch_id": {"S": record.batch_id},
            "canceled": {"BOOL": record.is_canceled},
            "reported": {"BOOL": record.is_over},
            "streams": {"L": [{"S": stream} for stream in record.streams]},
            "expires": {"N": str(expires)},
        }
        try:
            self._client.put_item(TableName=self._table, Item=item, ConditionExpression="attribute_not_exists(pk)")
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def find(self, deployment_id: str) -> JobRecord | None:
        """Return a job's record as it is now."""
        answer = self._client.get_item(TableName=self._table, Key=_key(deployment_id), ConsistentRead=True)
        return _record(answer["Item"]) if "Item" in answer else None

    def note_batch_id(self, record: JobRecord, batch_id: str) -> bool:
        """Note the Batch job of the record's submission; False when it has one, or is not wanted any more."""
        return self._change(
            record,
            "SET batch_id = :id",
            f"{_PRESENT} AND batch_id = :none",
            {":id": {"S": batch_id}, ":none": {"S": ""}},
        )

    def submit_again(self, record: JobRecord, capacity: Capacity) -> JobRecord | None:
        """Begin another submission; None when somebody was faster or the job is not wanted any more."""
        again = replace(record, submission=record.submission + 1, capacity=capacity, batch_id="")
        done = self._change(
            record,
            "SET submission = :next, machines = :machines, batch_id = :none",
            _PRESENT,
            {":next": {"N": str(again.submission)}, ":machines": {"S": capacity.value}, ":none": {"S": ""}},
        )
        return again if done else None

    def note_streams(self, record: JobRecord, streams: tuple[str, ...]) -> JobRecord:
        """Remember the log streams of attempts that have ended and return the record."""
        merged = tuple(dict.fromkeys((*record.streams, *streams)))
        if merged != record.streams:
            values = {":streams": {"L": [{"S": stream} for stream in merged]}}
            self._change(record, "SET streams = :streams", "submission = :submission", values)
        return replace(record, streams=merged)

    def note_end(self, record: JobRecord) -> None:
        """Remember that the job's end was reported."""
        self._change(record, "SET reported = :yes", "submission = :submission", {":yes": {"BOOL": True}})

    def cancel(self, deployment_id: str) -> JobRecord | None:
        """Mark a job as not wanted any more and return its record; None when there is none."""
        try:
            answer = self._client.update_item(
                TableName=self._table,
                Key=_key(deployment_id),
                UpdateExpression="SET canceled = :yes",
                ConditionExpression="attribute_exists(pk)",
                ExpressionAttributeValues={":yes": {"BOOL": True}},
                ReturnValues="ALL_NEW",
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return None
        return _record(answer["Attributes"])

    def _change(self, record: JobRecord, update: str, condition: str, values: Mapping[str, Any]) -> bool:
        known = {":submission": {"N": str(record.submission)}, ":no": {"BOOL": False}}
        used = {name: value for name, value in {**known, **values}.items() if name in f"{update} {condition}"}
        try:
            self._client.update_item(
                TableName=self._table,
                Key=_key(record.deployment_id),
                UpdateExpression=update,
                ConditionExpression=condition,
                ExpressionAttributeValues=used,
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True


def _key(deployment_id: str) -> dict[str, Any]:
    return {"pk": {"S": f"JOB#{deployment_id}"}, "sk": {"S": "JOB"}}


def _record(item: Mapping[str, Any]) -> JobRecord:
    return JobRecord(
        deployment_id=item["pk"]["S"].removeprefix("JOB#"),
        project_id=item["project"]["S"],
        account_id=int(item["account"]["N"]),
        deploy_ticket=item["ticket"]["S"],
        seconds=int(item["seconds"]["N"]),
        submission=int(item["submission"]["N"]),
        capacity=Capacity(item["machines"]["S"]),
        batch_id=item["batch_id"]["S"],
        is_canceled=item["canceled"]["BOOL"],
        is_over=item["reported"]["BOOL"],
        streams=tuple(stream["S"] for stream in item["streams"]["L"]),
    )
