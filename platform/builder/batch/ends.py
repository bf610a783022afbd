"""From Batch's "Job State Change" events to the ends of our jobs."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from battleshiper.platform.builder.batch.builder import BatchBuilder
from battleshiper.platform.builder.batch.change import JobChange, read_change
from battleshiper.platform.builder.batch.judgement import Again, judge
from battleshiper.platform.builder.batch.record import JobRecord, deployment_of
from battleshiper.platform.builder.batch.records import JobRecords
from battleshiper.platform.builder.port import JobEnd
from battleshiper.platform.model.event import Event, EventType

_log = logging.getLogger(__name__)


class JobEnds:
    """Reads the events. Any may come twice, late, or of a job that nobody asks for any more."""

    def __init__(self, records: JobRecords, builder: BatchBuilder) -> None:
        self._records = records
        self._builder = builder

    def receive(self, detail: Mapping[str, Any]) -> Event | None:
        """Return the `battleshiper.deploy` event that an event's `detail` means, None when it means none. A loss that
        was not the build's fault is mended here: its job is submitted again.

        The same end gives the same event, its id included, so that its ticket stays its own.
        """
        change = read_change(detail)
        record = self._records.find(deployment_of(change.name)) if change.has_ended else None
        if record is None or not self._is_present(change, record):
            return None
        record = self._records.note_streams(record, change.streams)
        if record.is_canceled:
            return None
        judgement = judge(change, record)
        if isinstance(judgement, Again):
            _log.warning("job %s was lost: %s %s", change.name, change.status_reason, change.reason)
            self._builder.submit_again(record, judgement.capacity)
            return None
        if judgement.remedy:
            _log.error("job %s: %s %s. %s", change.name, change.status_reason, change.reason, judgement.remedy)
        self._records.note_end(record)
        end = JobEnd(record.deployment_id, record.project_id, record.deploy_ticket, judgement.status, judgement.reason)
        return Event(EventType.DEPLOY, end.to_detail(), id=change.id)

    def _is_present(self, change: JobChange, record: JobRecord) -> bool:
        """Tell whether the event speaks for the record: a job submitted twice, or an earlier one, does not."""
        if change.name != record.name:
            return False
        if not record.batch_id and not record.is_over:
            # Whoever submitted it died before it could note the id.
            self._records.note_batch_id(record, change.id)
            record = self._records.find(record.deployment_id) or replace(record, batch_id=change.id)
        return record.batch_id == change.id
