"""Builds on Batch."""

from battleshiper.infra.aws.foundation import Foundation
from battleshiper.infra.aws.sizes import BUILD_DISK_GIB, BUILD_MEMORY_MIB, BUILD_SECONDS
from battleshiper.infra.aws.variables import Variable
from battleshiper.platform.builder.batch.builder import BatchBuilder
from battleshiper.platform.builder.batch.ends import JobEnds
from battleshiper.platform.builder.batch.record import Capacity
from battleshiper.platform.builder.batch.records import JobRecords
from battleshiper.platform.builder.batch.streams import BuildStreams
from battleshiper.platform.builder.batch.submission import Target
from battleshiper.platform.builder.batch.waiting import WaitingJobs
from battleshiper.platform.model.instructions import CLAIM_PATH, BuildLimits
from battleshiper.platform.pipeline.claim_issue import ClaimIssue

_IMAGE_GIB = 10
"""What of a machine's disk the image and the system take, generously."""

LIMITS = BuildLimits(
    seconds=BUILD_SECONDS,
    memory_bytes=BUILD_MEMORY_MIB * 1024**2,
    work_bytes=(BUILD_DISK_GIB - _IMAGE_GIB) * 1024**3,
)
"""What one build may use: the machine is its own."""


class Builds:
    """The builder, with what else there is to know of its jobs."""

    def __init__(self, foundation: Foundation) -> None:
        """Nothing is asked of Batch yet; raises MissingVariableError."""
        told = foundation.surroundings
        client = foundation.clients.of("batch")
        records = JobRecords(foundation.dynamodb, foundation.table, foundation.clock)
        target = Target(
            {Capacity.SPOT: told[Variable.JOB_QUEUE], Capacity.ON_DEMAND: told[Variable.JOB_QUEUE_ON_DEMAND]},
            told[Variable.JOB_DEFINITION],
            foundation.base_url + CLAIM_PATH,
        )
        issue = ClaimIssue(foundation.store, foundation.clock).issue
        self.builder = BatchBuilder(client, records, foundation.bus, issue, target)
        self.ends = JobEnds(records, self.builder)
        self.waiting = WaitingJobs(client, self.builder, target, foundation.clock)
        self.streams = BuildStreams(client, records)
