"""Tickets: minted for one step of one deployment, good once, and for nothing else."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import jwt
import pytest

from battleshiper.platform.store.port import SpentError
from battleshiper.platform.tickets.gate import Gate
from battleshiper.platform.tickets.keys import LIFETIME, KeyRing, verifying_keys
from battleshiper.platform.tickets.mint import Mint
from battleshiper.platform.tickets.ticket import Requester, Step, TicketGrant, TicketRefusedError

GRANT = TicketGrant(Step.BUILD, Requester.WEBHOOK, 42, "project", "deployment")


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


class Spent:
    """Spent tickets in a dictionary."""

    def __init__(self) -> None:
        self.spenders: dict[str, str] = {}

    def spend_ticket(self, ticket_id: str, spender: str, expires_at: datetime) -> None:
        if self.spenders.setdefault(ticket_id, spender) != spender:
            raise SpentError(ticket_id)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ring() -> KeyRing:
    return KeyRing.new()


@pytest.fixture
def gate(ring: KeyRing, clock: Clock) -> Gate:
    return Gate(lambda: verifying_keys(ring, clock()), Spent(), clock)  # type: ignore[arg-type] # only spends tickets


@pytest.fixture
def mint(ring: KeyRing, clock: Clock) -> Callable[[TicketGrant], str]:
    return Mint(ring, clock).mint


def admit(gate: Gate, token: str, **changes: object) -> object:
    asked: dict[str, object] = {
        "step": Step.BUILD,
        "requesters": {Requester.WEBHOOK},
        "project_id": "project",
        "deployment_id": "deployment",
        "spender": "event",
    }
    return gate.admit(token, **{**asked, **changes})  # type: ignore[arg-type]


def test_good_ticket(gate: Gate, mint: Callable[[TicketGrant], str]) -> None:
    """A ticket admits to exactly what it was minted for and says on whose behalf."""
    ticket = admit(gate, mint(GRANT))
    assert ticket.grant == GRANT


def test_all_claims_are_there(mint: Callable[[TicketGrant], str]) -> None:
    """A ticket carries every claim of the design, a kid, and EdDSA as its algorithm."""
    token = mint(GRANT)
    claims = jwt.decode(token, options={"verify_signature": False})
    assert set(claims) == {"iss", "aud", "source", "user", "project", "deployment", "iat", "exp", "jti"}
    assert jwt.get_unverified_header(token)["alg"] == "EdDSA"
    assert jwt.get_unverified_header(token)["kid"]


@pytest.mark.parametrize(
    "changes",
    [
        {"step": Step.DEPLOY},
        {"project_id": "other"},
        {"deployment_id": "other"},
        {"deployment_id": ""},
        {"requesters": {Requester.INIT, Requester.OPERATOR}},
    ],
)
def test_other_use(gate: Gate, mint: Callable[[TicketGrant], str], changes: dict[str, object]) -> None:
    """A ticket for another step, project or deployment, or of a part that may not ask for the step, is refused."""
    with pytest.raises(TicketRefusedError):
        admit(gate, mint(GRANT), **changes)


def test_unknown_source(gate: Gate, mint: Callable[[TicketGrant], str]) -> None:
    """A ticket of a part that there is not is refused like other bad ones."""
    with pytest.raises(TicketRefusedError, match="not good"):
        admit(gate, mint(replace(GRANT, source="stranger")))


def test_replay(gate: Gate, mint: Callable[[TicketGrant], str]) -> None:
    """The event that carries a ticket may come twice; any other event with the same ticket is refused."""
    token = mint(GRANT)
    admit(gate, token)
    admit(gate, token)
    with pytest.raises(TicketRefusedError, match="used before"):
        admit(gate, token, spender="another event")


def test_expiry(gate: Gate, mint: Callable[[TicketGrant], str], clock: Clock) -> None:
    """A ticket is good for its lifetime and not a second longer."""
    token = mint(GRANT)
    clock.now += LIFETIME - timedelta(seconds=1)
    admit(gate, token)
    clock.now += timedelta(seconds=1)
    with pytest.raises(TicketRefusedError, match="expired"):
        admit(gate, token)


def test_foreign_key(gate: Gate, clock: Clock) -> None:
    """A ticket that somebody else signed is refused, under an unknown kid and under ours."""
    foreign = KeyRing.new()
    with pytest.raises(TicketRefusedError):
        admit(gate, Mint(foreign, clock).mint(GRANT))


def test_forged_kid(gate: Gate, ring: KeyRing, clock: Clock) -> None:
    """Naming our key does not help a ticket that it did not sign."""
    forged = replace(KeyRing.new(), kid=ring.kid)
    with pytest.raises(TicketRefusedError):
        admit(gate, Mint(forged, clock).mint(GRANT))


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_other_algorithms(gate: Gate, ring: KeyRing, mint: Callable[[TicketGrant], str], algorithm: str) -> None:
    """The algorithm is ours to choose, not the ticket's: `none` and HMAC with the public key are refused."""
    body = jwt.decode(mint(GRANT), options={"verify_signature": False})
    header = urlsafe_b64encode(json.dumps({"alg": algorithm, "kid": ring.kid}).encode()).decode().rstrip("=")
    payload = urlsafe_b64encode(json.dumps(body).encode()).decode().rstrip("=")
    with pytest.raises(TicketRefusedError):
        admit(gate, f"{header}.{payload}.")


@pytest.mark.parametrize("token", ["", "a.b.c", "💥", "a" * 100_000])
def test_not_a_ticket(gate: Gate, token: str) -> None:
    """What is no ticket at all is refused like a bad one."""
    with pytest.raises(TicketRefusedError):
        admit(gate, token)
