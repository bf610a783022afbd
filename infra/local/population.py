"""Whose accounts there are: those of one GitHub."""

from battleshiper.platform.secrets.port import Secrets
from battleshiper.platform.store.port import Accounts

_NAME = "accounts-github"


def forget_strangers(store: Accounts, secrets: Secrets, github_url: str) -> None:
    """Forget every account when the platform has come to another GitHub, or from the stand-in to the real one: the
    same numbers are other people there. Raises SecretsError."""
    before = secrets.get_or_create(_NAME, lambda: github_url)
    if before == github_url:
        return
    for account in store.accounts():
        store.delete_account(account.id)
    secrets.replace(_NAME, github_url, expected=before)
