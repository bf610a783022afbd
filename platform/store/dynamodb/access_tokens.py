"""Access tokens in DynamoDB."""

from battleshiper.platform.database.moment import from_microseconds, to_microseconds
from battleshiper.platform.model.access_token import AccessToken, Scope
from battleshiper.platform.store.dynamodb.account_keys import (
    ACCESS_TOKEN_PREFIX,
    access_token_key,
    account_key,
    account_partition,
)
from battleshiper.platform.store.dynamodb.part import DynamoPart
from battleshiper.platform.store.dynamodb.table import EXPIRES
from battleshiper.platform.store.dynamodb.transaction import IS_THERE, Transaction
from battleshiper.platform.store.dynamodb.values import Row, keyed
from battleshiper.platform.store.port import MissingError


class DynamoAccessTokens(DynamoPart):
    """See `AccessTokens` in `store.port`."""

    def access_tokens(self, account_id: int) -> list[AccessToken]:
        """Return an account's tokens that have not expired, the newest first."""
        rows = self._rows.below(account_partition(account_id), ACCESS_TOKEN_PREFIX)
        tokens = sorted((_to_token(row) for row in rows if row["expires_at"] > self._now()), key=lambda token: token.id)
        return sorted(tokens, key=lambda token: token.created_at, reverse=True)

    def access_token(self, account_id: int, token_id: str) -> AccessToken:
        """Return a token that has not expired; raises MissingError."""
        row = self._rows.find(access_token_key(account_id, token_id))
        if row is None or row["expires_at"] <= self._now():
            raise MissingError("access token", token_id)
        return _to_token(row)

    def add_access_token(self, token: AccessToken) -> None:
        """Keep a new token. DynamoDB forgets it when it has expired. Raises MissingError without its account."""
        row = keyed(
            access_token_key(token.account_id, token.id),
            {
                "id": token.id,
                "account_id": token.account_id,
                "name": token.name,
                "scopes": " ".join(sorted(token.scopes)),
                "sha256": token.sha256,
                "created_at": to_microseconds(token.created_at),
                "expires_at": to_microseconds(token.expires_at),
                EXPIRES: int(token.expires_at.timestamp()) + 1,
            },
        )

        def add() -> None:
            transaction = Transaction()
            missing = MissingError("account", token.account_id)
            transaction.check(account_key(token.account_id), IS_THERE, refusal=missing)
            transaction.put(row)
            self._rows.commit(transaction)

        self._again(add)

    def end_access_token(self, account_id: int, token_id: str) -> bool:
        """End a token; False when there is none."""
        return self._again(lambda: self._rows.delete(access_token_key(account_id, token_id), IS_THERE))


def _to_token(row: Row) -> AccessToken:
    return AccessToken(
        row["id"],
        row["account_id"],
        row["name"],
        frozenset(map(Scope, row["scopes"].split())),
        row["sha256"],
        from_microseconds(row["created_at"]),
        from_microseconds(row["expires_at"]),
    )
