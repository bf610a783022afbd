"""The gates of the steps, which read the public ticket keys alone. Apart from `keys`: who mints needs no PyJWT."""

from battleshiper.infra.aws.foundation import Foundation
from battleshiper.platform.tickets.announced import AnnouncedKeys
from battleshiper.platform.tickets.gate import Gate


def open_gate(foundation: Foundation) -> Gate:
    """Return the gate of a step."""
    return Gate(AnnouncedKeys(foundation.secrets, foundation.clock).verifying, foundation.store, foundation.clock)
