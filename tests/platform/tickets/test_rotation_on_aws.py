"""The ticket keys in Secrets Manager: rotated by one function, verified by the gates of others."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from aws.secrets import PREFIX, secrets_client

from battleshiper.platform.secrets.secrets_manager import SecretsManager
from battleshiper.platform.store.port import SpentError
from battleshiper.platform.tickets.announced import AnnouncedKeys, announce
from battleshiper.platform.tickets.gate import Gate
from battleshiper.platform.tickets.keys import LIFETIME, PublicRing
from battleshiper.platform.tickets.names import KEYS_SECRET, PUBLIC_KEYS_SECRET
from battleshiper.platform.tickets.rotation import RotatingKeys
from battleshiper.platform.tickets.ticket import Requester, Step, TicketGrant, TicketRefusedError

GRANT = TicketGrant(Step.BUILD, Requester.WEBHOOK, 42, "p1", "d1")


class Spent:
    """Spent tickets in a dictionary."""

    def __init__(self) -> None:
        self.spenders: dict[str, str] = {}

    def spend_ticket(self, ticket_id: str, spender: str, expires_at: datetime) -> None:
        if self.spenders.setdefault(ticket_id, spender) != spender:
            raise SpentError(ticket_id)


class Functions:
    """Functions of one platform: each reads the secrets by itself."""

    def __init__(self, client) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self._client = client
        self._gate = Gate(AnnouncedKeys(self.secrets(), self.clock).verifying, Spent(), self.clock)

    def clock(self) -> datetime:
        return self.now

    def secrets(self) -> SecretsManager:
        return SecretsManager(self._client, PREFIX)

    def minting(self) -> RotatingKeys:
        """Start a function that mints."""
        return RotatingKeys(self.secrets(), self.clock, announce=self.announce)

    def announce(self, ring: PublicRing) -> None:
        announce(self.secrets(), ring, self.now)

    def admits(self, ticket: str) -> bool:
        """Tell whether the gate of a function that goes on running takes a ticket."""
        try:
            self._gate.admit(
                ticket, Step.BUILD, {Requester.WEBHOOK}, project_id="p1", deployment_id="d1", spender=ticket
            )
        except TicketRefusedError:
            return False
        return True


@pytest.fixture
def functions():
    """Functions over empty secrets, as the stack makes them."""
    with secrets_client([KEYS_SECRET, PUBLIC_KEYS_SECRET]) as client:
        yield Functions(client)


def test_functions_that_run_learn_of_a_new_key(functions: Functions):
    """The tickets of both keys are good, the old one's until the last has expired."""
    webhook, sweep = functions.minting(), functions.minting()
    functions.announce(sweep.ring.public())
    assert functions.admits(webhook.mint(GRANT))
    functions.now += timedelta(days=31)
    late = webhook.mint(GRANT)
    assert sweep.rotate_old()
    assert functions.admits(functions.minting().mint(GRANT))
    assert functions.admits(late)
    left = webhook.mint(GRANT)
    functions.now += LIFETIME
    assert not functions.admits(left)


def test_all_who_make_the_first_keys_sign_with_the_same(functions: Functions):
    """Whoever starts first."""
    assert len({functions.minting().ring.kid for _ in range(3)}) == 1


def test_functions_that_rotate_at_the_same_moment(functions: Functions):
    """No key is lost: every function's tickets are good."""
    functions.announce(functions.minting().ring.public())
    with ThreadPoolExecutor(4) as pool:
        rotated = [pool.submit(functions.minting().rotate) for _ in range(4)]
    kids = {each.result().kid for each in rotated}
    ring = functions.minting().ring
    assert kids <= {ring.kid, *(key.kid for key in ring.retired)}
    assert kids <= set(AnnouncedKeys(functions.secrets(), functions.clock).verifying().by_kid)
