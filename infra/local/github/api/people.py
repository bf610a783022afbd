"""People: who they are, and what they may do in a repository."""

from battleshiper.infra.local.github.access import Kind
from battleshiper.infra.local.github.api.call import Answer, Call, Endpoint
from battleshiper.infra.local.github.api.errors import ForbiddenError, NotFoundError
from battleshiper.infra.local.github.api.fields import Fields
from battleshiper.infra.local.github.records.accounts import Account, Accounts
from battleshiper.infra.local.github.records.repositories import Repositories
from battleshiper.infra.local.github.settings import GitHubSettings
from battleshiper.infra.local.github.shapes.accounts import full_account_shape, role_shape

_BY_PERMISSION = {"pull": "read", "triage": "triage", "push": "write", "maintain": "maintain", "admin": "admin"}
_JOINED = "2024-01-01T00:00:00Z"


class PeopleApi:
    """Serves accounts, and their roles in repositories. Whoever is given a role has it at once, uninvited."""

    def __init__(self, settings: GitHubSettings, accounts: Accounts, repositories: Repositories) -> None:
        self._settings = settings
        self._accounts = accounts
        self._repositories = repositories

    def endpoints(self) -> list[Endpoint]:
        """Return what is served."""
        one = "/repos/{repo}/collaborators/{login}"
        return [
            Endpoint("GET", "/user", self._show_self),
            Endpoint("GET", "/user/{account_id}", self._show_by_id, public=True),
            Endpoint("GET", "/users/{login}", self._show, public=True),
            Endpoint("GET", f"{one}/permission", self._show_role),
            Endpoint("PUT", one, self._grant, "administration", "write"),
            Endpoint("DELETE", one, self._withdraw, "administration", "write"),
        ]

    def _show_self(self, call: Call) -> Answer:
        if call.caller.kind not in (Kind.PERSON, Kind.USER):
            raise ForbiddenError
        return self._answer(call.caller.actor)

    def _show_by_id(self, call: Call) -> Answer:
        return self._answer(self._accounts.get(call.number("account_id")))

    def _show(self, call: Call) -> Answer:
        return self._answer(self._find(call))

    def _show_role(self, call: Call) -> Answer:
        account = self._find(call)
        return Answer(role_shape(self._settings, account, call.repository.role(account)))

    def _grant(self, call: Call) -> Answer:
        wanted = Fields("Collaborator", call.body).choice("permission", tuple(_BY_PERMISSION), "push")
        self._repositories.grant(call.repository, self._find(call), _BY_PERMISSION[wanted])
        return Answer(status=204)

    def _withdraw(self, call: Call) -> Answer:
        self._repositories.grant(call.repository, self._find(call), "none")
        return Answer(status=204)

    def _find(self, call: Call) -> Account:
        account = self._accounts.find(call.text("login"))
        if account is None:
            raise NotFoundError
        return account

    def _answer(self, account: Account | None) -> Answer:
        if account is None:
            raise NotFoundError
        return Answer(full_account_shape(self._settings, account, _JOINED))
