"""What an account may see: GitHub's answer, kept for a moment."""

from collections.abc import Callable
from datetime import datetime, timedelta

from battleshiper.platform.accounts.wallet import Wallet
from battleshiper.platform.identity.port import IdentityProvider, IdentityRefusedError, IdentityUnavailableError
from battleshiper.platform.model.reach import Reach, ReachableRepository
from battleshiper.platform.store.port import Accounts

_FRESH = timedelta(minutes=1)
"""How long an answer is taken for true without asking again."""
_STALE = timedelta(minutes=15)
"""How long it is while GitHub cannot be asked."""


class Reaches:
    """Tells what accounts may see and do on GitHub."""

    def __init__(
        self, store: Accounts, provider: IdentityProvider, wallet: Wallet, clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._provider = provider
        self._wallet = wallet
        self._clock = clock

    def of(self, account_id: int, fresh: timedelta = _FRESH) -> Reach:
        """Return what an account may see, by an answer that is not older than `fresh`. Raises IdentityRefusedError when
        it must sign in again, which has ended all its sessions, IdentityError when GitHub cannot be asked,
        SecretsError, or MissingError without the account."""
        known = self._store.reach(account_id)
        now = self._clock()
        if known is not None and now - known.read_at < fresh:
            return known
        try:
            return self._ask(account_id)[1]
        except IdentityUnavailableError:
            if known is not None and now - known.read_at < _STALE:
                return known
            raise

    def repositories(self, account_id: int) -> list[ReachableRepository]:
        """Return the repositories that an account sees, by name, as GitHub says now; raises what `of` does."""
        return sorted(self._ask(account_id)[0], key=lambda repository: repository.full_name.lower())

    def _ask(self, account_id: int) -> tuple[list[ReachableRepository], Reach]:
        now = self._clock()
        try:
            found = self._provider.repositories(self._wallet.access(account_id))
        except IdentityRefusedError:
            self._store.end_sessions(account_id)
            raise
        reach = Reach({repository.id: repository.permission for repository in found}, now)
        self._store.keep_reach(account_id, reach)
        return found, reach
