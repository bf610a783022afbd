"""What a person reaches through the App."""

from battleshiper.infra.local.github.access import Caller, Kind
from battleshiper.infra.local.github.api.call import Answer, Call, Endpoint
from battleshiper.infra.local.github.api.errors import ForbiddenError, NotFoundError
from battleshiper.infra.local.github.records.accounts import Accounts
from battleshiper.infra.local.github.records.registration import Registration
from battleshiper.infra.local.github.records.repositories import Repositories, Repository
from battleshiper.infra.local.github.settings import GitHubSettings
from battleshiper.infra.local.github.shapes.accounts import permissions_shape
from battleshiper.infra.local.github.shapes.installation import installation_shape
from battleshiper.infra.local.github.shapes.repository import repository_shape


class ReachApi:
    """Serves the installations that somebody has to do with, and their repositories.

    To have to do with one is to have a role in a repository of it; that everybody may read it is not enough. What takes
    a user access token at GitHub is open to a personal token of the owner as well.
    """

    def __init__(
        self, settings: GitHubSettings, accounts: Accounts, registration: Registration, repositories: Repositories
    ) -> None:
        self._settings = settings
        self._accounts = accounts
        self._registration = registration
        self._repositories = repositories

    def endpoints(self) -> list[Endpoint]:
        """Return what is served."""
        return [
            Endpoint("GET", "/user/installations", self._list),
            Endpoint("GET", "/user/installations/{installation_id}/repositories", self._list_repositories),
        ]

    def _list(self, call: Call) -> Answer:
        there = self._has_to_do_with_it(call.caller)
        shapes = [installation_shape(self._settings, self._registration.installation)] if there else []
        return Answer({"total_count": len(shapes), "installations": call.cut(shapes)}, total=len(shapes))

    def _list_repositories(self, call: Call) -> Answer:
        known = call.number("installation_id") == self._settings.installation_id
        if not (self._has_to_do_with_it(call.caller) and known):
            raise NotFoundError
        if self._registration.is_suspended:
            raise ForbiddenError
        reached = [one for one in self._shared(call.caller) if call.caller.may(one, "metadata", "read")]
        selection = "selected" if self._registration.installation.selected else "all"
        shapes = [
            {**repository_shape(self._settings, one), "permissions": permissions_shape(one.role(call.caller.actor))}
            for one in call.cut(reached)
        ]
        body = {"total_count": len(reached), "repository_selection": selection, "repositories": shapes}
        return Answer(body, total=len(reached))

    def _has_to_do_with_it(self, caller: Caller) -> bool:
        if caller.kind not in (Kind.PERSON, Kind.USER):
            raise ForbiddenError
        is_owner = caller.actor == self._accounts.owner
        return self._registration.is_installed and (is_owner or bool(self._shared(caller)))

    def _shared(self, caller: Caller) -> list[Repository]:
        installed = [one for one in self._repositories.all() if one.installed]
        return [one for one in installed if caller.actor == one.owner or caller.actor.id in one.roles]
