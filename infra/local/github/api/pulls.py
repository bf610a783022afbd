"""Pull requests."""

from battleshiper.infra.local.github.api.call import Answer, Call, Endpoint
from battleshiper.infra.local.github.api.errors import ApiError, ForbiddenError, InvalidError, NotFoundError
from battleshiper.infra.local.github.api.fields import Fields
from battleshiper.infra.local.github.events.announcements import Announcements
from battleshiper.infra.local.github.events.merges import Merges
from battleshiper.infra.local.github.events.pulls import PullRefusedError, PullRequests
from battleshiper.infra.local.github.git.history import is_ancestor
from battleshiper.infra.local.github.git.merging import MergeConflictError
from battleshiper.infra.local.github.git.refs import find_commit
from battleshiper.infra.local.github.records.pulls import Pull, Pulls
from battleshiper.infra.local.github.records.repositories import Repositories, Repository
from battleshiper.infra.local.github.settings import GitHubSettings
from battleshiper.infra.local.github.shapes.pull import full_pull_shape, pull_shape

_TITLE = 256
_BODY = 65536


class PullsApi:
    """Serves pull requests."""

    def __init__(
        self,
        settings: GitHubSettings,
        repositories: Repositories,
        pulls: Pulls,
        requests: PullRequests,
        announcements: Announcements,
        merges: Merges,
    ) -> None:
        self._settings = settings
        self._repositories = repositories
        self._pulls = pulls
        self._requests = requests
        self._announcements = announcements
        self._merges = merges

    def endpoints(self) -> list[Endpoint]:
        """Return what is served."""
        pulls = "/repos/{repo}/pulls"
        return [
            Endpoint("GET", pulls, self._list, "pull_requests"),
            Endpoint("POST", pulls, self._create, "pull_requests", "write"),
            Endpoint("GET", f"{pulls}/{{number}}", self._show, "pull_requests"),
            Endpoint("PATCH", f"{pulls}/{{number}}", self._change, "pull_requests", "write"),
            Endpoint("GET", "/repos/{repo}/commits/{ref:path}/pulls", self._list_of_commit, "pull_requests"),
            Endpoint("PUT", f"{pulls}/{{number}}/merge", self._merge, "contents", "write"),
        ]

    def _list(self, call: Call) -> Answer:
        state = call.query.get("state", "open")
        if state not in ("open", "closed", "all"):
            raise InvalidError("PullRequest", "state", "invalid")
        pulls = self._pulls.of(call.repository.id, state=state)
        head, base = call.query.get("head", ""), call.query.get("base", "")
        if ":" in head:  # GitHub ignores a head that does not name its owner
            pulls = [pull for pull in pulls if pull.label == head]
        if base:
            pulls = [pull for pull in pulls if pull.base == base]
        if call.query.get("direction", "desc") == "asc":
            pulls.reverse()
        shapes = [pull_shape(self._settings, call.repository, pull) for pull in call.cut(pulls)]
        return Answer(shapes, total=len(pulls))

    def _list_of_commit(self, call: Call) -> Answer:
        repository = call.repository
        sha = find_commit(repository.folder, self._repositories.refs(repository), call.text("ref"))
        if sha is None:
            raise ApiError(422, f"No commit found for SHA: {call.text('ref')}")
        pulls = [pull for pull in self._pulls.of(repository.id) if _has(repository, pull, sha)]
        shapes = [pull_shape(self._settings, repository, pull) for pull in call.cut(pulls)]
        return Answer(shapes, total=len(pulls))

    def _create(self, call: Call) -> Answer:
        fields = Fields("PullRequest", call.body)
        title, body = fields.text("title", maximum=_TITLE), fields.optional_text("body", maximum=_BODY)
        head, base, draft = fields.text("head"), fields.text("base"), fields.flag("draft", default=False)
        by = call.caller.actor
        try:
            pull = self._requests.open(call.repository, head, base, title=title, body=body, by=by, draft=draft)
        except PullRefusedError as error:
            raise _refuse(error) from error
        return self._answer(call.repository, pull, 201)

    def _show(self, call: Call) -> Answer:
        return self._answer(call.repository, self._find(call))

    def _change(self, call: Call) -> Answer:
        fields, pull, repository = Fields("PullRequest", call.body), self._find(call), call.repository
        by = call.caller.actor
        if by != pull.creator and not call.caller.may(repository, "pull_requests", "write", others=True):
            raise ForbiddenError
        title = fields.text("title", pull.title, maximum=_TITLE)
        body = fields.optional_text("body", maximum=_BODY) if "body" in fields else pull.body
        pull = self._requests.rewrite(repository, pull, title, body, by)
        try:
            if fields.choice("state", ("open", "closed"), pull.state) == "open":
                pull = self._requests.reopen(repository, pull, by)
            else:
                pull = self._requests.close(repository, pull, by)
        except PullRefusedError as error:
            raise _refuse(error) from error
        return self._answer(repository, pull)

    def _merge(self, call: Call) -> Answer:
        pull = self._find(call)
        wanted = Fields("PullRequest", call.body).text("sha", pull.head_sha)
        if wanted != pull.head_sha:
            raise ApiError(409, "Head branch was modified. Review and try the merge again.")
        try:
            sha = self._merges.merge(call.repository, pull, call.caller.actor)
        except (PullRefusedError, MergeConflictError) as error:
            raise ApiError(405, "Pull Request is not mergeable") from error
        return Answer({"sha": sha, "merged": True, "message": "Pull Request successfully merged"})

    def _answer(self, repository: Repository, pull: Pull, status: int = 200) -> Answer:
        facts = self._announcements.facts(repository, pull)
        return Answer(full_pull_shape(self._settings, repository, pull, facts), status)

    def _find(self, call: Call) -> Pull:
        pull = self._pulls.get(call.repository.id, call.number("number"))
        if pull is None:
            raise NotFoundError
        return pull


def _has(repository: Repository, pull: Pull, sha: str) -> bool:
    folder = repository.folder
    return is_ancestor(folder, sha, pull.head_sha) and not is_ancestor(folder, sha, pull.base_sha)


def _refuse(error: PullRefusedError) -> ApiError:
    if error.field:
        return InvalidError("PullRequest", error.field, "invalid", str(error))
    return ApiError(422, "Validation Failed", [{"resource": "PullRequest", "code": "custom", "message": str(error)}])
