"""Revoking: how somebody takes back that the App acts for them."""

from battleshiper.infra.local.github.events.announcements import Announcements
from battleshiper.infra.local.github.records.accounts import Account
from battleshiper.infra.local.github.records.archive import Archive


class Revoking:
    """Ends what was given, and announces it. Nothing happens where nothing was."""

    def __init__(self, archive: Archive, announcements: Announcements) -> None:
        self._archive = archive
        self._announcements = announcements

    def revoke(self, account: Account) -> None:
        """End every token with which the App acts for `account`."""
        with self._archive.database.transaction():
            if self._archive.user_tokens.revoke_of(account):
                self._announcements.authorization_revoked(account)
