"""Pull requests and their comments."""

from battleshiper.infra.local.github.access import Caller
from battleshiper.infra.local.github.api.call import Answer, Call, Endpoint
from battleshiper.infra.local.github.api.errors import ApiError, ForbiddenError, InvalidError, NotFoundError
from battleshiper.infra.local.github.api.fields import Fields
from battleshiper.infra.local.github.events.announcements import Announcements
from battleshiper.infra.local.github.events.pulls import PullRefusedError, PullRequests
from battleshiper.infra.local.github.git.history import is_ancestor
from battleshiper.infra.local.github.git.refs import find_commit
from battleshiper.infra.local.github.records.comments import Comment, Comments
from battleshiper.infra.local.github.records.pulls import NewPull, Pull, Pulls
from battleshiper.infra.local.github.records.repositories import Repositories, Repository
from battleshiper.infra.local.github.settings import GitHubSettings
from battleshiper.infra.local.github.shapes.comment import comment_shape
from battleshiper.infra.local.github.shapes.pull import full_pull_shape, pull_shape

_TITLE = 256
_BODY = 65536


class PullsApi:
    """Serves pull requests, and comments in them."""

    def __init__(
        self,
        settings: GitHubSettings,
        repositories: Repositories,
        pulls: Pulls,
        comments: Comments,
        requests: PullRequests,
        announcements: Announcements,
    ) -> None:
        self._settings = settings
        self._repositories = repositories
        self._pulls = pulls
        self._comments = comments
        self._requests = requests
        self._announcements = announcements

    def endpoints(self) -> list[Endpoint]:
        """Return what is served. Comments ask for their permission themselves: either of two will do."""
        pulls, comments = "/repos/{repo}/pulls", "/repos/{repo}/issues/comments/{comment_id}"
        return [
            Endpoint("GET", pulls, self._list, "pull_requests"),
            Endpoint("POST", pulls, self._create, "pull_requests", "write"),
            Endpoint("GET", f"{pulls}/{{number}}", self._show, "pull_requests"),
            Endpoint("PATCH", f"{pulls}/{{number}}", self._change, "pull_requests", "write"),
            Endpoint("GET", "/repos/{repo}/commits/{ref:path}/pulls", self._list_of_commit, "pull_requests"),
            Endpoint("GET", "/repos/{repo}/issues/{number}/comments", self._list_comments),
            Endpoint("POST", "/repos/{repo}/issues/{number}/comments", self._create_comment),
            Endpoint("GET", comments, self._show_comment),
            Endpoint("PATCH", comments, self._change_comment),
            Endpoint("DELETE", comments, self._delete_comment),
        ]

    def _list(self, call: Call) -> Answer:
        state = call.query.get("state", "open")
        if state not in ("open", "closed", "all"):
            raise InvalidError("PullRequest", "state", "invalid")
        pulls = self._pulls.of(call.repository.id, state=state)
        head, base = call.query.get("head", ""), call.query.get("base", "")
        if ":" in head:  # GitHub ignores a head that does not name its owner
            pulls = [pull for pull in pulls if f"{self._settings.owner_login}:{pull.head}" == head]
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
        fields, owner = Fields("PullRequest", call.body), f"{self._settings.owner_login}:"
        new = NewPull(
            fields.text("title", maximum=_TITLE),
            fields.optional_text("body", maximum=_BODY),
            fields.text("head").removeprefix(owner),
            "",
            fields.text("base"),
            "",
            draft=fields.flag("draft", default=False),
        )
        try:
            pull = self._requests.open(call.repository, new, call.caller.login)
        except PullRefusedError as error:
            raise _refuse(error) from error
        return self._answer(call.repository, pull, 201)

    def _show(self, call: Call) -> Answer:
        return self._answer(call.repository, self._find(call))

    def _change(self, call: Call) -> Answer:
        fields, pull, repository = Fields("PullRequest", call.body), self._find(call), call.repository
        title = fields.text("title", pull.title, maximum=_TITLE)
        body = fields.optional_text("body", maximum=_BODY) if "body" in fields else pull.body
        pull = self._requests.rewrite(repository, pull, title, body)
        try:
            if fields.choice("state", ("open", "closed"), pull.state) == "open":
                pull = self._requests.reopen(repository, pull)
            else:
                pull = self._requests.close(repository, pull)
        except PullRefusedError as error:
            raise _refuse(error) from error
        return self._answer(repository, pull)

    def _list_comments(self, call: Call) -> Answer:
        _expect(call.caller, "read")
        comments = self._comments.of(call.repository.id, self._find(call).number)
        shapes = [comment_shape(self._settings, call.repository, comment) for comment in call.cut(comments)]
        return Answer(shapes, total=len(comments))

    def _create_comment(self, call: Call) -> Answer:
        _expect(call.caller, "write")
        pull = self._find(call)
        body = Fields("IssueComment", call.body).text("body", maximum=_BODY)
        comment = self._requests.comment(call.repository, pull, body, call.caller.login)
        return Answer(comment_shape(self._settings, call.repository, comment), 201)

    def _show_comment(self, call: Call) -> Answer:
        _expect(call.caller, "read")
        return Answer(comment_shape(self._settings, call.repository, self._find_comment(call)[1]))

    def _change_comment(self, call: Call) -> Answer:
        _expect(call.caller, "write")
        pull, comment = self._find_comment(call)
        body = Fields("IssueComment", call.body).text("body", maximum=_BODY)
        comment = self._requests.rewrite_comment(call.repository, pull, comment, body)
        return Answer(comment_shape(self._settings, call.repository, comment))

    def _delete_comment(self, call: Call) -> Answer:
        _expect(call.caller, "write")
        pull, comment = self._find_comment(call)
        self._requests.delete_comment(call.repository, pull, comment)
        return Answer(status=204)

    def _answer(self, repository: Repository, pull: Pull, status: int = 200) -> Answer:
        facts = self._announcements.facts(repository, pull)
        return Answer(full_pull_shape(self._settings, repository, pull, facts), status)

    def _find(self, call: Call) -> Pull:
        pull = self._pulls.get(call.repository.id, call.number("number"))
        if pull is None:
            raise NotFoundError
        return pull

    def _find_comment(self, call: Call) -> tuple[Pull, Comment]:
        comment = self._comments.get(call.repository.id, call.number("comment_id"))
        pull = self._pulls.get(call.repository.id, comment.number) if comment else None
        if comment is None or pull is None:
            raise NotFoundError
        return pull, comment


def _expect(caller: Caller, level: str) -> None:
    if not (caller.may("pull_requests", level) or caller.may("issues", level)):
        raise ForbiddenError


def _has(repository: Repository, pull: Pull, sha: str) -> bool:
    folder = repository.folder
    return is_ancestor(folder, sha, pull.head_sha) and not is_ancestor(folder, sha, pull.base_sha)


def _refuse(error: PullRefusedError) -> ApiError:
    if error.field:
        return InvalidError("PullRequest", error.field, "invalid", str(error))
    return ApiError(422, "Validation Failed", [{"resource": "PullRequest", "code": "custom", "message": str(error)}])
