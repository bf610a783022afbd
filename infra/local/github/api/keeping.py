"""What admins do with a repository."""

from battleshiper.infra.local.github.api.call import Answer, Call, Endpoint
from battleshiper.infra.local.github.api.errors import ApiError, InvalidError
from battleshiper.infra.local.github.api.fields import Fields
from battleshiper.infra.local.github.events.keeping import Keeping
from battleshiper.infra.local.github.records.accounts import Accounts
from battleshiper.infra.local.github.records.repositories import NameRefusedError, NameTakenError, Repositories
from battleshiper.infra.local.github.settings import GitHubSettings
from battleshiper.infra.local.github.shapes.repository import full_repository_shape, repository_shape


class KeepingApi:
    """Serves changes of repositories. A transfer is done at once, where GitHub asks the new owner first."""

    def __init__(
        self, settings: GitHubSettings, accounts: Accounts, repositories: Repositories, keeping: Keeping
    ) -> None:
        self._settings = settings
        self._accounts = accounts
        self._repositories = repositories
        self._keeping = keeping

    def endpoints(self) -> list[Endpoint]:
        """Return what is served."""
        one, admin = "/repos/{repo}", ("administration", "write")
        return [
            Endpoint("PATCH", one, self._change, *admin),
            Endpoint("DELETE", one, self._delete, *admin),
            Endpoint("POST", f"{one}/transfer", self._transfer, *admin),
        ]

    def _change(self, call: Call) -> Answer:
        fields, repository, by = Fields("Repository", call.body), call.repository, call.caller.actor
        name = fields.text("name", repository.name)
        private = fields.flag("private", default=repository.private)
        archived = fields.flag("archived", default=repository.archived)
        branch = fields.text("default_branch", repository.default_branch)
        if "default_branch" in fields and branch not in self._repositories.branches(repository):
            raise fields.fault("default_branch", f"The branch {branch} was not found.")
        try:
            repository = self._keeping.rename(repository, name, by)
        except (NameRefusedError, NameTakenError) as error:
            raise _refuse(error) from error
        repository = self._keeping.set_default_branch(repository, branch, by)
        repository = self._keeping.set_private(repository, by, private=private)
        repository = self._keeping.set_archived(repository, by, archived=archived)
        return Answer(full_repository_shape(self._settings, repository))

    def _delete(self, call: Call) -> Answer:
        self._keeping.delete(call.repository, call.caller.actor)
        return Answer(status=204)

    def _transfer(self, call: Call) -> Answer:
        login = Fields("Repository", call.body).text("new_owner")
        owner = self._accounts.find(login)
        if owner is None:
            raise ApiError(422, f"{login} is not an account that repositories can be transferred to.")
        try:
            repository = self._keeping.transfer(call.repository, owner, call.caller.actor)
        except NameTakenError as error:
            raise _refuse(error) from error
        return Answer(repository_shape(self._settings, repository), 202)


def _refuse(error: NameRefusedError | NameTakenError) -> InvalidError:
    message = str(error) if isinstance(error, NameRefusedError) else "name already exists on this account"
    return InvalidError("Repository", "name", "custom", message)
