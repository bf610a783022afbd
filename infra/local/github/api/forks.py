"""Forks."""

from battleshiper.infra.local.github.access import Kind
from battleshiper.infra.local.github.api.call import Answer, Call, Endpoint
from battleshiper.infra.local.github.api.errors import ApiError, ForbiddenError, InvalidError
from battleshiper.infra.local.github.api.fields import Fields
from battleshiper.infra.local.github.events.forks import Forks
from battleshiper.infra.local.github.records.repositories import NameRefusedError, NameTakenError, Repositories
from battleshiper.infra.local.github.settings import GitHubSettings
from battleshiper.infra.local.github.shapes.repository import full_repository_shape, repository_shape


class ForksApi:
    """Serves forks. They are made at once, where GitHub takes its time."""

    def __init__(self, settings: GitHubSettings, repositories: Repositories, forks: Forks) -> None:
        self._settings = settings
        self._repositories = repositories
        self._forks = forks

    def endpoints(self) -> list[Endpoint]:
        """Return what is served."""
        path = "/repos/{repo}/forks"
        return [Endpoint("GET", path, self._list), Endpoint("POST", path, self._create)]

    def _list(self, call: Call) -> Answer:
        found = [one for one in self._repositories.all() if one.parent_id == call.repository.id]
        seen = [one for one in found if call.caller.sees(one)]
        return Answer([repository_shape(self._settings, one) for one in call.cut(seen)], total=len(seen))

    def _create(self, call: Call) -> Answer:
        if call.caller.kind is not Kind.PERSON:
            raise ForbiddenError
        parent = call.repository
        name = Fields("Repository", call.body).text("name", parent.name)
        try:
            fork = self._forks.make(parent, call.caller.actor, name)
        except NameRefusedError as error:
            raise InvalidError("Repository", "name", "custom", str(error)) from error
        except NameTakenError as error:
            raise ApiError(403, "Name already exists on this account") from error
        return Answer(full_repository_shape(self._settings, fork, parent), 202)
