"""The ticket keys on AWS, for those who mint or rotate them: they alone may read them."""

from functools import partial

from battleshiper.infra.aws.foundation import Foundation
from battleshiper.infra.aws.fresh import Fresh
from battleshiper.platform.pipeline.requests import MintTicket
from battleshiper.platform.tickets.announced import announce
from battleshiper.platform.tickets.keys import PublicRing
from battleshiper.platform.tickets.rotation import RotatingKeys


def open_mint(foundation: Foundation) -> MintTicket:
    """Return what signs tickets. It learns of a new key within minutes, long before the old one's tickets end."""
    keys = Fresh(partial(open_keys, foundation))
    return lambda grant: keys().mint(grant)


def open_keys(foundation: Foundation) -> RotatingKeys:
    """Return the keys as they are now, to mint or to rotate; raises SecretsError."""
    return RotatingKeys(foundation.secrets, foundation.clock, announce=partial(announce_ring, foundation))


def announce_ring(foundation: Foundation, ring: PublicRing) -> None:
    """Let every gate verify with these keys; raises SecretsError."""
    announce(foundation.secrets, ring, foundation.clock())
