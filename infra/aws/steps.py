"""Functions that take the events of one step from its queue."""

from battleshiper.infra.aws.foundation import Foundation
from battleshiper.infra.aws.variables import Variable
from battleshiper.platform.bus.eventbridge.consumer import Consumer, Translate
from battleshiper.platform.bus.eventbridge.leases import Leases
from battleshiper.platform.bus.port import Handler
from battleshiper.platform.model.event import EventType


def take(
    foundation: Foundation, event_type: EventType, handle: Handler, translate: Translate | None = None
) -> Consumer:
    """Return Lambda's handler for a step. `translate` makes events of what Batch says in the same queue."""
    return Consumer(
        event_type,
        handle,
        queue=foundation.clients.of("sqs"),
        queue_url=foundation.surroundings[Variable.QUEUE_URL],
        leases=Leases(foundation.rows, foundation.clock),
        letters=foundation.dead_letters,
        translate=translate,
    )
