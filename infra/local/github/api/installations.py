"""The App, its installation and the installation's tokens."""

from collections.abc import Mapping

from battleshiper.infra.local.github.access import Kind, covers
from battleshiper.infra.local.github.api.call import Answer, Call, Endpoint
from battleshiper.infra.local.github.api.errors import ApiError, ForbiddenError, NotFoundError
from battleshiper.infra.local.github.moment import write_moment
from battleshiper.infra.local.github.records.accounts import Accounts
from battleshiper.infra.local.github.records.registration import Registration
from battleshiper.infra.local.github.records.repositories import Repositories, Repository
from battleshiper.infra.local.github.records.tokens import Tokens, TokenScope
from battleshiper.infra.local.github.settings import GitHubSettings
from battleshiper.infra.local.github.shapes.installation import app_shape, installation_shape
from battleshiper.infra.local.github.shapes.repository import repository_shape
from battleshiper.infra.local.github.shapes.shape import Shape

_MAX_REPOSITORIES = 500  # in one token


class InstallationsApi:
    """Serves what an App asks about itself."""

    def __init__(
        self,
        settings: GitHubSettings,
        registration: Registration,
        accounts: Accounts,
        repositories: Repositories,
        tokens: Tokens,
    ) -> None:
        self._settings = settings
        self._accounts = accounts
        self._registration = registration
        self._repositories = repositories
        self._tokens = tokens

    def endpoints(self) -> list[Endpoint]:
        """Return what is served."""
        one = "/app/installations/{installation_id}"
        return [
            Endpoint("GET", "/app", self._show_app, app=True),
            Endpoint("GET", "/app/installations", self._list, app=True),
            Endpoint("GET", one, self._show_by_id, app=True),
            Endpoint("POST", f"{one}/access_tokens", self._issue, app=True),
            Endpoint("GET", "/users/{login}/installation", self._show_by_login, app=True),
            Endpoint("GET", "/orgs/{login}/installation", self._show_by_login, app=True),
            Endpoint("GET", "/repos/{repo}/installation", self._show, app=True),
            Endpoint("GET", "/installation/repositories", self._list_repositories),
            Endpoint("DELETE", "/installation/token", self._revoke),
            Endpoint("GET", "/meta", self._show_meta, public=True),
        ]

    def _show_app(self, _call: Call) -> Answer:
        installations = int(self._registration.is_installed)
        return Answer(app_shape(self._settings, self._registration.installed_at, installations=installations))

    def _show(self, call: Call) -> Answer:
        if not self._registration.is_installed or (call.found and not call.found.installed):
            raise NotFoundError
        return Answer(installation_shape(self._settings, self._registration.installation))

    def _list(self, call: Call) -> Answer:
        there = self._registration.is_installed
        shapes = [installation_shape(self._settings, self._registration.installation)] if there else []
        return Answer(call.cut(shapes), total=len(shapes))

    def _show_by_id(self, call: Call) -> Answer:
        self._expect(call)
        return self._show(call)

    def _show_by_login(self, call: Call) -> Answer:
        if call.text("login").lower() != self._accounts.owner.login.lower():
            raise NotFoundError
        return self._show(call)

    def _issue(self, call: Call) -> Answer:
        self._expect(call)
        if self._registration.is_suspended:
            raise ApiError(403, "This installation has been suspended")
        chosen = self._choose(call.body)
        permissions = self._grant(call.body.get("permissions"))
        ids = None if chosen is None else frozenset(repository.id for repository in chosen)
        installation = self._registration.installation
        token, expires_at = self._tokens.issue(TokenScope(ids, permissions))
        shape: Shape = {
            "token": token,
            "expires_at": write_moment(expires_at),
            "permissions": permissions,
            "repository_selection": "all" if chosen is None and not installation.selected else "selected",
        }
        if chosen is not None:
            shape["repositories"] = [repository_shape(self._settings, repository) for repository in chosen]
        return Answer(shape, 201)

    def _choose(self, body: Mapping[str, object]) -> list[Repository] | None:
        ids, names = body.get("repository_ids"), body.get("repositories")
        if ids is None and names is None:
            return None
        ids, names = ids or [], names or []
        if not isinstance(ids, list) or not isinstance(names, list):
            raise ApiError(422, "repositories and repository_ids must be arrays")
        if len(ids) + len(names) > _MAX_REPOSITORIES:
            raise ApiError(422, f"A token is for {_MAX_REPOSITORIES} repositories at most")
        found: dict[int, Repository] = {}
        for key in [*ids, *names]:
            repository = self._look_up(key)
            if repository is None or not repository.installed:
                raise ApiError(
                    422,
                    "There is at least one repository that does not exist or is not accessible to the parent"
                    " installation.",
                )
            found[repository.id] = repository
        return list(found.values()) if found else None

    def _look_up(self, key: object) -> Repository | None:
        if isinstance(key, str):
            return self._repositories.find(self._accounts.owner, key)
        return self._repositories.get(key) if isinstance(key, int) and abs(key) < 2**63 else None

    def _grant(self, wanted: object) -> dict[str, str]:
        granted = self._settings.permissions
        if wanted is None or wanted == {}:
            return dict(granted)
        if not isinstance(wanted, dict) or not all(isinstance(level, str) for level in wanted.values()):
            raise ApiError(422, "permissions must be an object of strings")
        if any(
            level not in ("read", "write") or not covers(granted.get(name), level) for name, level in wanted.items()
        ):
            raise ApiError(422, "The permissions requested are not granted to this installation.")
        return {"metadata": "read", **wanted}

    def _list_repositories(self, call: Call) -> Answer:
        if call.caller.kind is not Kind.INSTALLATION:
            raise ForbiddenError
        seen = [one for one in self._repositories.all() if one.installed and call.caller.sees(one)]
        shapes = [repository_shape(self._settings, repository) for repository in call.cut(seen)]
        scope = call.caller.scope
        is_whole = scope is None or scope.repository_ids is None
        selection = "all" if is_whole and not self._registration.installation.selected else "selected"
        body = {"total_count": len(seen), "repository_selection": selection, "repositories": shapes}
        return Answer(body, total=len(seen))

    def _revoke(self, call: Call) -> Answer:
        if call.caller.kind is not Kind.INSTALLATION:
            raise ForbiddenError
        self._tokens.revoke(call.caller.token)
        return Answer(status=204)

    def _show_meta(self, _call: Call) -> Answer:
        return Answer({"verifiable_password_authentication": False, "hooks": ["127.0.0.1/32"], "git": ["127.0.0.1/32"]})

    def _expect(self, call: Call) -> None:
        known = call.number("installation_id") == self._settings.installation_id
        if not (known and self._registration.is_installed):
            raise NotFoundError
