"""How a build is submitted to Batch: the arguments of SubmitJob, and the rules by which Batch itself tries again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from battleshiper.platform.builder.batch.judgement import SPOT_RECLAIMED
from battleshiper.platform.builder.batch.record import Capacity, JobRecord

if TYPE_CHECKING:
    from types_boto3_batch.type_defs import SubmitJobRequestTypeDef

ATTEMPTS = 2
"""How often Batch may run one submission. The second one costs no round trip through us; after that Spot machines are
too scarce, or the fault too stubborn, to go on in the same way."""
SHARES = 400
"""A queue knows 500 active shares and refuses one more
(https://docs.aws.amazon.com/batch/latest/APIReference/API_ShareAttributes.html), so a few accounts may share one."""
_SLACK_SECONDS = 300
"""What a runner may take besides install and build: fetch, collect, upload, its own start."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where builds go, as names or ARNs.

    Each kind of capacity has a queue of its own, because a queue over both would not do: Batch tries the second
    compute environment when the first one's limit of vCPUs is reached, not when Spot has no machines to give.
    The two kinds have quotas of their own, too.
    """

    queues: Mapping[Capacity, str]
    definition: str
    claim_url: str


def submission(record: JobRecord, target: Target, claim: str) -> "SubmitJobRequestTypeDef":
    """Return the arguments for SubmitJob. The machine's size is the definition's, which comes from the same limits."""
    return {
        "jobName": record.name,
        "jobQueue": target.queues[record.capacity],
        "jobDefinition": target.definition,
        "shareIdentifier": str(record.account_id % SHARES),
        "schedulingPriorityOverride": 1,
        "containerOverrides": {
            "environment": [
                {"name": "BATTLESHIPER_CLAIM_URL", "value": target.claim_url},
                {"name": "BATTLESHIPER_CLAIM", "value": claim},
            ]
        },
        "timeout": {"attemptDurationSeconds": record.seconds + _SLACK_SECONDS},
        "retryStrategy": {
            "attempts": ATTEMPTS,
            # The first that fits decides, and what fits none would be tried again. A pattern may end in `*`, and have
            # letters, digits, dots, colons and blanks before it.
            "evaluateOnExit": [
                {"onStatusReason": f"{SPOT_RECLAIMED}*", "action": "RETRY"},
                {"onStatusReason": "Timeout waiting for*", "action": "RETRY"},
                {"onStatusReason": "Task failed to start*", "action": "RETRY"},
                {"onStatusReason": "ResourceInitializationError*", "action": "RETRY"},
                {"onReason": "*", "action": "EXIT"},
            ],
        },
    }
