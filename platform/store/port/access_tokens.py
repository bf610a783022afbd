"""The access tokens of accounts."""

from collections.abc import Sequence
from typing import Protocol

from battleshiper.platform.model.access_token import AccessToken


class AccessTokens(Protocol):
    """Tokens by their account and id."""

    def access_tokens(self, account_id: int) -> Sequence[AccessToken]:
        """Return an account's tokens that have not expired, the newest first."""
        ...

    def access_token(self, account_id: int, token_id: str) -> AccessToken:
        """Return a token that has not expired; raises MissingError."""
        ...

    def add_access_token(self, token: AccessToken) -> None:
        """Keep a new token. Raises MissingError without its account."""
        ...

    def end_access_token(self, account_id: int, token_id: str) -> bool:
        """End a token; False when there is none."""
        ...
