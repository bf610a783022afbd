"""Things that may be used once, in DynamoDB."""

from datetime import datetime, timedelta

from battleshiper.platform.database.moment import from_microseconds, to_microseconds
from battleshiper.platform.store.dynamodb.order import position_of
from battleshiper.platform.store.dynamodb.part import DynamoPart
from battleshiper.platform.store.dynamodb.table import (
    EXPIRES,
    LISTING,
    POSITION,
    claim_key,
    deployment_key,
    shard_of,
    ticket_key,
)
from battleshiper.platform.store.dynamodb.transaction import IS_NEW, IS_THERE, Transaction
from battleshiper.platform.store.dynamodb.values import Value, Values, keyed, setting
from battleshiper.platform.store.port import Claim, MissingError, SpentError

_KEPT = timedelta(days=1)
"""How long what was used is remembered after its end, in case a clock is set back."""
_MAY_SPEND = (
    "#claim_sha256 = :sha256 AND #claim_expires_at > :now AND #claim_spent < :attempt AND #claim_attempts >= :attempt"
)


class DynamoOneTime(DynamoPart):
    """See `OneTime` in `store.port`."""

    def spend_ticket(self, ticket_id: str, spender: str, expires_at: datetime) -> None:
        """Mark a ticket as used by `spender`, who may come again; anybody else gets SpentError."""
        row = keyed(ticket_key(ticket_id), {"spender": spender, **_until(expires_at, "TICKETS", ticket_id)})
        condition = f"{IS_NEW} OR #spender = :spender"
        if not self._again(lambda: self._rows.put(row, condition, {"spender": spender})):
            raise SpentError("the ticket was used by another event")

    def add_claim(self, claim: Claim) -> None:
        """Add a claim, which ends earlier ones of the same deployment; raises MissingError without a deployment."""
        # The hash leads to the deployment, which has one claim and takes it along when it goes.
        pointer = {"deployment_id": claim.deployment_id, **_until(claim.expires_at, "CLAIMS", claim.sha256)}
        values: dict[str, Value] = {
            "claim_sha256": claim.sha256,
            "claim_expires_at": to_microseconds(claim.expires_at),
            "claim_attempts": claim.attempts,
            "claim_spent": claim.spent,
        }
        missing = MissingError("deployment", claim.deployment_id)
        transaction = Transaction()
        transaction.put(keyed(claim_key(claim.sha256), pointer))
        transaction.update(deployment_key(claim.deployment_id), setting(values), IS_THERE, values, missing)
        self._again(lambda: self._rows.commit(transaction))

    def spend_claim(self, sha256: str, attempt: int = 1) -> Claim:
        """Use a claim for an attempt and return it; raises SpentError when it is unknown, used or too old."""
        spent = SpentError("the claim is unknown, used or too old")

        def spend() -> Claim:
            pointer = self._rows.find(claim_key(sha256))
            row = None if pointer is None else self._rows.find(deployment_key(pointer["deployment_id"]))
            if row is None or row.get("claim_sha256") != sha256:
                raise spent
            transaction = Transaction()
            values: Values = {"sha256": sha256, "now": self._now(), "attempt": attempt}
            # A transaction, though it is one write: it is not refused for its own sake when its answer was lost.
            transaction.update(deployment_key(row["id"]), "SET #claim_spent = :attempt", _MAY_SPEND, values, spent)
            self._rows.commit(transaction)
            expires_at = from_microseconds(row["claim_expires_at"])
            return Claim(sha256, row["id"], expires_at, row["claim_attempts"], attempt)

        return self._again(spend)


def _until(end: datetime, kind: str, key: str) -> dict[str, Value]:
    return {
        EXPIRES: int((end + _KEPT).timestamp()),
        LISTING: shard_of(kind, key),
        POSITION: position_of(end),
    }
