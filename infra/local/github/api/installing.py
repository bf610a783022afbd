"""What the owner and the App itself do with the installation."""

from battleshiper.infra.local.github.access import Kind
from battleshiper.infra.local.github.api.call import Answer, Call, Endpoint
from battleshiper.infra.local.github.api.errors import ForbiddenError, NotFoundError
from battleshiper.infra.local.github.events.installing import Installing
from battleshiper.infra.local.github.records.accounts import Accounts
from battleshiper.infra.local.github.records.registration import Registration
from battleshiper.infra.local.github.records.repositories import Repositories, Repository
from battleshiper.infra.local.github.settings import GitHubSettings


class InstallingApi:
    """Serves changes of the installation."""

    def __init__(
        self,
        settings: GitHubSettings,
        accounts: Accounts,
        registration: Registration,
        repositories: Repositories,
        installing: Installing,
    ) -> None:
        self._settings = settings
        self._accounts = accounts
        self._registration = registration
        self._repositories = repositories
        self._installing = installing

    def endpoints(self) -> list[Endpoint]:
        """Return what is served."""
        one = "/app/installations/{installation_id}"
        chosen = "/user/installations/{installation_id}/repositories/{repository_id}"
        return [
            Endpoint("DELETE", one, self._uninstall, app=True),
            Endpoint("PUT", f"{one}/suspended", self._suspend, app=True),
            Endpoint("DELETE", f"{one}/suspended", self._unsuspend, app=True),
            Endpoint("PUT", chosen, self._add),
            Endpoint("DELETE", chosen, self._remove),
        ]

    def _uninstall(self, call: Call) -> Answer:
        self._expect(call)
        self._installing.uninstall()
        return Answer(status=204)

    def _suspend(self, call: Call) -> Answer:
        self._expect(call)
        self._installing.suspend()
        return Answer(status=204)

    def _unsuspend(self, call: Call) -> Answer:
        self._expect(call)
        self._installing.unsuspend()
        return Answer(status=204)

    def _add(self, call: Call) -> Answer:
        self._installing.add(self._choose(call))
        return Answer(status=204)

    def _remove(self, call: Call) -> Answer:
        self._installing.remove(self._choose(call))
        return Answer(status=204)

    def _choose(self, call: Call) -> Repository:
        """Return the repository that the path names, which the owner may let the App have."""
        if call.caller.kind is not Kind.PERSON:
            raise ForbiddenError
        self._expect(call)
        owner, repository = self._accounts.owner, self._repositories.get(call.number("repository_id"))
        if call.caller.actor != owner or repository is None or repository.owner != owner:
            raise NotFoundError
        return repository

    def _expect(self, call: Call) -> None:
        known = call.number("installation_id") == self._settings.installation_id
        if not (known and self._registration.is_installed):
            raise NotFoundError
