"""Commit statuses."""

from battleshiper.infra.local.github.api.call import Answer, Call, Endpoint
from battleshiper.infra.local.github.api.errors import ApiError
from battleshiper.infra.local.github.api.fields import Fields
from battleshiper.infra.local.github.git.refs import find_commit
from battleshiper.infra.local.github.records.repositories import Repositories
from battleshiper.infra.local.github.records.statuses import NewStatus, Statuses
from battleshiper.infra.local.github.settings import GitHubSettings
from battleshiper.infra.local.github.shapes.status import combined_shape, status_shape

_STATES = ("error", "failure", "pending", "success")
_DESCRIPTION = 140
_CONTEXT = 255


class StatusesApi:
    """Serves commit statuses."""

    def __init__(self, settings: GitHubSettings, repositories: Repositories, statuses: Statuses) -> None:
        self._settings = settings
        self._repositories = repositories
        self._statuses = statuses

    def endpoints(self) -> list[Endpoint]:
        """Return what is served."""
        commit = "/repos/{repo}/commits/{ref:path}"
        return [
            Endpoint("POST", "/repos/{repo}/statuses/{ref}", self._create, "statuses", "write"),
            Endpoint("GET", "/repos/{repo}/statuses/{ref:path}", self._list, "statuses"),
            Endpoint("GET", f"{commit}/statuses", self._list, "statuses"),
            Endpoint("GET", f"{commit}/status", self._combine, "statuses"),
        ]

    def _create(self, call: Call) -> Answer:
        fields, sha = Fields("Status", call.body), self._find(call)
        new = NewStatus(
            sha,
            fields.choice("state", _STATES),
            fields.text("context", "default", maximum=_CONTEXT),
            fields.optional_text("description", maximum=_DESCRIPTION),
            fields.url("target_url") or None,
        )
        if self._statuses.is_full(call.repository.id, sha, new.context):
            message = "This SHA and context has reached the maximum number of statuses."
            raise ApiError(422, "Validation Failed", [message])
        status = self._statuses.add(call.repository.id, new, call.caller.actor)
        return Answer(status_shape(self._settings, call.repository, status), 201)

    def _list(self, call: Call) -> Answer:
        statuses = self._statuses.of(call.repository.id, self._find(call))
        shapes = [status_shape(self._settings, call.repository, status) for status in call.cut(statuses)]
        return Answer(shapes, total=len(statuses))

    def _combine(self, call: Call) -> Answer:
        sha = self._find(call)
        latest = self._statuses.latest(call.repository.id, sha)
        shape = combined_shape(self._settings, call.repository, sha, latest, call.cut(latest))
        return Answer(shape, total=len(latest))

    def _find(self, call: Call) -> str:
        name = call.text("ref")
        sha = find_commit(call.repository.folder, self._repositories.refs(call.repository), name)
        if sha is None:
            raise ApiError(422, f"No commit found for SHA: {name}")
        return sha
