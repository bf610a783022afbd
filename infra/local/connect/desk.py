"""The desk: who may make the App, with which state, and what becomes of GitHub's code."""

import hmac
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import Protocol

from battleshiper.bot.github import GitHubError
from battleshiper.bot.manifest import AppPlan
from battleshiper.bot.visitor import NewApp
from battleshiper.infra.local.kept_app import KeptApp

_STATE_LIFETIME = timedelta(hours=1)
"""GitHub's codes live no longer."""
_MOST_STATES = 100


class ConnectError(Exception):
    """The App was not made; the message says why and what to do."""


class Exchange(Protocol):
    """GitHub's exchange of a code for an App."""

    def exchange(self, code: str) -> NewApp:
        """Return the App; raises GitHubError."""
        ...


class Desk:
    """Lets the operator in by a key that is good once, and takes back each state once. All in memory."""

    def __init__(
        self,
        plan: AppPlan,
        api_url: str,
        github: Exchange,
        keep: Callable[[KeptApp], None],
        now: Callable[[], datetime],
    ) -> None:
        self.plan = plan
        self.key = secrets.token_urlsafe(32)
        """Opens the desk once; for the operator alone."""
        self.app: KeptApp | None = None
        """The App, once it is made."""
        self._api_url = api_url
        self._github = github
        self._keep = keep
        self._now = now
        self._session = ""
        self._states: dict[str, datetime] = {}
        self._lock = Lock()

    def admit(self, key: str) -> str | None:
        """Return the session that a good key opens; the key is spent by that."""
        with self._lock:
            if self._session or not _is_same(key, self.key):
                return None
            self._session = secrets.token_urlsafe(32)
            return self._session

    def knows(self, session: str) -> bool:
        """Tell whether this is the operator's session."""
        return bool(self._session) and _is_same(session, self._session)

    def begin(self) -> str:
        """Return a state for one try, good for an hour."""
        state = secrets.token_urlsafe(32)
        with self._lock:
            self._states[state] = self._now() + _STATE_LIFETIME
            for oldest in list(self._states)[:-_MOST_STATES]:
                del self._states[oldest]
        return state

    def finish(self, state: str, code: str) -> KeptApp:
        """Make the App of what GitHub sent back, and keep it. Raises ConnectError; the state is spent in any case."""
        with self._lock:
            good_until = self._states.pop(state, None)
        if good_until is None or good_until < self._now():
            raise ConnectError(
                "This did not begin here, or more than an hour ago, so nothing was taken over. Begin again; if an App "
                "was made on GitHub meanwhile, delete it there."
            )
        return self.take(code)

    def take(self, code: str) -> KeptApp:
        """Exchange a code that the operator brought, and keep the App. Raises ConnectError."""
        if not code:
            raise ConnectError("GitHub sent no code: the App was not made. Begin again.")
        try:
            made = self._github.exchange(code)
        except GitHubError as error:
            raise ConnectError(f"{error}.") from error
        app = KeptApp(
            app_id=made.id,
            slug=made.slug,
            name=made.name,
            owner=made.owner.login,
            html_url=made.html_url,
            client_id=made.client_id,
            url=self.plan.github_url,
            api_url=self._api_url,
            client_secret=made.client_secret,
            # Without a webhook GitHub may make no secret; the platform never goes without.
            webhook_secret=made.webhook_secret or secrets.token_hex(32),
            private_key=made.pem,
        )
        self._keep(app)
        self.app = app
        return app


def _is_same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())
