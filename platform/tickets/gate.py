"""The gate: lets a pipeline step run only with a ticket that was minted for exactly it, once."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import Any

import jwt

from battleshiper.platform.store.port import OneTime, SpentError
from battleshiper.platform.tickets.keys import PublicKeys
from battleshiper.platform.tickets.mint import ALGORITHM, ISSUER
from battleshiper.platform.tickets.ticket import Requester, Step, Ticket, TicketGrant, TicketRefusedError

_REQUIRED = ["iss", "aud", "source", "user", "project", "deployment", "iat", "exp", "jti"]


class Gate:
    """Checks and spends tickets."""

    def __init__(self, keys: Callable[[], PublicKeys], spent: OneTime, clock: Callable[[], datetime]) -> None:
        self._keys = keys
        self._spent = spent
        self._clock = clock

    def admit(
        self,
        token: str,
        step: Step,
        requesters: Collection[Requester],
        *,
        project_id: str,
        deployment_id: str = "",
        spender: str,
    ) -> Ticket:
        """Check `token` for this step, project and deployment, spend it, and return what it says.

        `requesters` are the parts that may ask for this step.
        `spender` is the id of the event that carries the ticket: the same event may come again and is let in
        again, anything else with the same ticket is not. Raises TicketRefusedError.
        """
        ticket = self._verify(token, step)
        if ticket.grant.project_id != project_id or ticket.grant.deployment_id != deployment_id:
            raise TicketRefusedError("the ticket was minted for another project or deployment")
        if ticket.grant.source not in requesters:
            raise TicketRefusedError(f"the {ticket.grant.source} may not ask for this step")
        try:
            self._spent.spend_ticket(ticket.id, spender, ticket.expires_at)
        except SpentError as error:
            raise TicketRefusedError("the ticket was used before") from error
        return ticket

    def _verify(self, token: str, step: Step) -> Ticket:
        try:
            kid = jwt.get_unverified_header(token).get("kid")
            key: Any = self._keys().by_kid.get(kid) if isinstance(kid, str) else None
            if key is None:
                raise TicketRefusedError("the ticket is signed with a key that is not, or no longer, ours")
            # The lifetime is checked below against our clock: PyJWT would read the machine's.
            claims = jwt.decode(
                token,
                key,
                algorithms=[ALGORITHM],
                audience=step.value,
                issuer=ISSUER,
                options={"require": _REQUIRED, "verify_exp": False, "verify_iat": False},
            )
            expires_at = datetime.fromtimestamp(claims["exp"], UTC)
            grant = TicketGrant(
                Step(claims["aud"]),
                Requester(claims["source"]),
                int(claims["user"]),
                str(claims["project"]),
                str(claims["deployment"]),
            )
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError) as error:
            raise TicketRefusedError(f"the ticket is not good for this step: {error}") from error
        if expires_at <= self._clock():
            raise TicketRefusedError("the ticket has expired")
        return Ticket(str(claims["jti"]), grant, expires_at)
