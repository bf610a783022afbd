"""Deployments and their statuses."""

from battleshiper.infra.local.github.api.call import Answer, Call, Endpoint
from battleshiper.infra.local.github.api.errors import ApiError, NotFoundError
from battleshiper.infra.local.github.api.fields import Fields
from battleshiper.infra.local.github.git.history import is_ancestor
from battleshiper.infra.local.github.git.refs import find_commit
from battleshiper.infra.local.github.records.deployments import (
    Deployment,
    Deployments,
    NewDeployment,
    NewDeploymentStatus,
)
from battleshiper.infra.local.github.records.repositories import Repositories
from battleshiper.infra.local.github.records.statuses import Statuses
from battleshiper.infra.local.github.settings import GitHubSettings
from battleshiper.infra.local.github.shapes.deployment import deployment_shape, deployment_status_shape
from battleshiper.infra.local.github.shapes.shape import Shape

_STATES = ("error", "failure", "inactive", "in_progress", "queued", "pending", "success")
_TEXT = 140
_FILTERS = ("sha", "ref", "task", "environment")


class DeploymentsApi:
    """Serves deployments."""

    def __init__(
        self, settings: GitHubSettings, repositories: Repositories, deployments: Deployments, statuses: Statuses
    ) -> None:
        self._settings = settings
        self._repositories = repositories
        self._deployments = deployments
        self._statuses = statuses

    def endpoints(self) -> list[Endpoint]:
        """Return what is served."""
        all_, one = "/repos/{repo}/deployments", "/repos/{repo}/deployments/{deployment_id}"
        return [
            Endpoint("GET", all_, self._list, "deployments"),
            Endpoint("POST", all_, self._create, "deployments", "write"),
            Endpoint("GET", one, self._show, "deployments"),
            Endpoint("DELETE", one, self._delete, "deployments", "write"),
            Endpoint("GET", f"{one}/statuses", self._list_statuses, "deployments"),
            Endpoint("POST", f"{one}/statuses", self._create_status, "deployments", "write"),
            Endpoint("GET", f"{one}/statuses/{{status_id}}", self._show_status, "deployments"),
        ]

    def _create(self, call: Call) -> Answer:
        fields, repository = Fields("Deployment", call.body), call.repository
        ref = fields.text("ref")
        sha = find_commit(repository.folder, self._repositories.refs(repository), ref)
        if sha is None:
            raise ApiError(422, f"No ref found for: {ref}")
        environment = fields.text("environment", "production", maximum=255)
        payload = fields.value("payload")
        new = NewDeployment(
            sha,
            ref,
            fields.text("task", "deploy"),
            environment,
            fields.optional_text("description", maximum=_TEXT),
            {} if payload is None else payload,
            transient=fields.flag("transient_environment", default=False),
            production=fields.flag("production_environment", default=environment == "production"),
        )
        if not isinstance(new.payload, dict | str):
            raise fields.fault("payload", "payload must be an object or a string")
        if fields.flag("auto_merge", default=True):
            self._check_merged(call, ref, sha)
        self._check_contexts(call, fields, sha)
        deployment = self._deployments.add(repository.id, new, call.caller.actor)
        return Answer(deployment_shape(self._settings, repository, deployment), 201)

    def _check_merged(self, call: Call, ref: str, sha: str) -> None:
        """GitHub would merge the default branch into a branch that is behind it. We never change a branch for an App
        that has no write access to contents, which is what GitHub's merge needs too."""
        repository = call.repository
        branches = self._repositories.branches(repository)
        newest = branches.get(repository.default_branch)
        if ref in branches and newest and not is_ancestor(repository.folder, newest, sha):
            raise ApiError(409, f"Conflict merging {repository.default_branch} into {ref}.")

    def _check_contexts(self, call: Call, fields: Fields, sha: str) -> None:
        states = {status.context: status.state for status in self._statuses.latest(call.repository.id, sha)}
        wanted = fields.value("required_contexts")
        if wanted is None:
            wanted = list(states)
        if not isinstance(wanted, list) or not all(isinstance(name, str) for name in wanted):
            raise fields.fault("required_contexts", "required_contexts must be an array of strings")
        contexts = [{"context": name, "state": states.get(name, "pending")} for name in wanted]
        if any(context["state"] != "success" for context in contexts):
            fault: Shape = {
                "resource": "Deployment",
                "field": "required_contexts",
                "code": "invalid",
                "contexts": contexts,
            }
            raise ApiError(
                409, f"Conflict: Commit status checks failed for {call.body['ref']}.", [{**fault, "contexts": contexts}]
            )

    def _list(self, call: Call) -> Answer:
        shapes = [
            deployment_shape(self._settings, call.repository, one) for one in self._deployments.of(call.repository.id)
        ]
        for name in _FILTERS:
            value = call.query.get(name, "none")
            if value != "none":
                shapes = [shape for shape in shapes if shape[name] == value]
        return Answer(call.cut(shapes), total=len(shapes))

    def _show(self, call: Call) -> Answer:
        return Answer(deployment_shape(self._settings, call.repository, self._find(call)))

    def _delete(self, call: Call) -> Answer:
        deployment = self._find(call)
        latest = [status.new.state for status in self._deployments.statuses(deployment.id)][:1]
        if latest != ["inactive"] and len(self._deployments.of(call.repository.id)) > 1:
            raise ApiError(
                422, "We cannot delete an active deployment unless it is the only deployment in a given environment."
            )
        self._deployments.delete(deployment)
        return Answer(status=204)

    def _create_status(self, call: Call) -> Answer:
        fields, deployment = Fields("DeploymentStatus", call.body), self._find(call)
        new = NewDeploymentStatus(
            fields.choice("state", _STATES),
            fields.text("description", "", maximum=_TEXT),
            fields.text("environment", deployment.new.environment),
            fields.url("environment_url"),
            fields.url("log_url") or fields.url("target_url"),
        )
        auto_inactive = fields.flag("auto_inactive", default=True)
        status = self._deployments.add_status(
            call.repository.id, deployment, new, call.caller.actor, auto_inactive=auto_inactive
        )
        return Answer(deployment_status_shape(self._settings, call.repository, status), 201)

    def _list_statuses(self, call: Call) -> Answer:
        statuses = self._deployments.statuses(self._find(call).id)
        shapes = [deployment_status_shape(self._settings, call.repository, status) for status in call.cut(statuses)]
        return Answer(shapes, total=len(statuses))

    def _show_status(self, call: Call) -> Answer:
        number = call.number("status_id")
        for status in self._deployments.statuses(self._find(call).id):
            if status.id == number:
                return Answer(deployment_status_shape(self._settings, call.repository, status))
        raise NotFoundError

    def _find(self, call: Call) -> Deployment:
        deployment = self._deployments.get(call.repository.id, call.number("deployment_id"))
        if deployment is None:
            raise NotFoundError
        return deployment
