"""Comments in pull requests, and reactions to them."""

from battleshiper.infra.local.github.api.call import Answer, Call, Endpoint
from battleshiper.infra.local.github.api.errors import ForbiddenError, NotFoundError
from battleshiper.infra.local.github.api.fields import Fields
from battleshiper.infra.local.github.events.conversation import Conversation
from battleshiper.infra.local.github.records.comments import REACTIONS, Comment, Comments
from battleshiper.infra.local.github.records.pulls import Pull, Pulls
from battleshiper.infra.local.github.settings import GitHubSettings
from battleshiper.infra.local.github.shapes.comment import comment_shape, reaction_shape

_BODY = 65536


class CommentsApi:
    """Serves comments. They ask for their permission themselves: either of two will do."""

    def __init__(self, settings: GitHubSettings, pulls: Pulls, comments: Comments, conversation: Conversation) -> None:
        self._settings = settings
        self._pulls = pulls
        self._comments = comments
        self._conversation = conversation

    def endpoints(self) -> list[Endpoint]:
        """Return what is served."""
        all_, one = "/repos/{repo}/issues/{number}/comments", "/repos/{repo}/issues/comments/{comment_id}"
        return [
            Endpoint("GET", all_, self._list),
            Endpoint("POST", all_, self._create),
            Endpoint("GET", one, self._show),
            Endpoint("PATCH", one, self._change),
            Endpoint("DELETE", one, self._delete),
            Endpoint("GET", f"{one}/reactions", self._list_reactions),
            Endpoint("POST", f"{one}/reactions", self._react),
            Endpoint("DELETE", f"{one}/reactions/{{reaction_id}}", self._take_back),
        ]

    def _list(self, call: Call) -> Answer:
        _expect(call, "read")
        since = call.query.get("since", "")
        comments = self._comments.of(call.repository.id, self._find_pull(call, call.number("number")).number)
        comments = [comment for comment in comments if comment.updated_at >= since]
        shapes = [comment_shape(self._settings, call.repository, comment) for comment in call.cut(comments)]
        return Answer(shapes, total=len(comments))

    def _create(self, call: Call) -> Answer:
        _expect(call, "write")
        pull = self._find_pull(call, call.number("number"))
        body = Fields("IssueComment", call.body).text("body", maximum=_BODY)
        comment = self._conversation.add(call.repository, pull, body, call.caller.actor)
        return Answer(comment_shape(self._settings, call.repository, comment), 201)

    def _show(self, call: Call) -> Answer:
        _expect(call, "read")
        return Answer(comment_shape(self._settings, call.repository, self._find(call)))

    def _change(self, call: Call) -> Answer:
        comment = self._find_to_change(call)
        body = Fields("IssueComment", call.body).text("body", maximum=_BODY)
        pull = self._find_pull(call, comment.number)
        comment = self._conversation.rewrite(call.repository, pull, comment, body, call.caller.actor)
        return Answer(comment_shape(self._settings, call.repository, comment))

    def _delete(self, call: Call) -> Answer:
        comment = self._find_to_change(call)
        self._conversation.delete(call.repository, self._find_pull(call, comment.number), comment, call.caller.actor)
        return Answer(status=204)

    def _list_reactions(self, call: Call) -> Answer:
        _expect(call, "read")
        wanted = call.query.get("content")
        reactions = [one for one in self._find(call).reactions if wanted in (None, one.content)]
        return Answer([reaction_shape(self._settings, one) for one in call.cut(reactions)], total=len(reactions))

    def _react(self, call: Call) -> Answer:
        _expect(call, "write")
        content = Fields("Reaction", call.body).choice("content", REACTIONS)
        reaction, is_new = self._comments.react(self._find(call), content, call.caller.actor)
        return Answer(reaction_shape(self._settings, reaction), 201 if is_new else 200)

    def _take_back(self, call: Call) -> Answer:
        _expect(call, "write")
        number = call.number("reaction_id")
        for reaction in self._find(call).reactions:
            if reaction.id == number and reaction.creator == call.caller.actor:
                self._comments.take_back(reaction)
                return Answer(status=204)
        raise NotFoundError

    def _find(self, call: Call) -> Comment:
        comment = self._comments.get(call.repository.id, call.number("comment_id"))
        if comment is None:
            raise NotFoundError
        return comment

    def _find_to_change(self, call: Call) -> Comment:
        comment = self._find(call)
        _expect(call, "write", others=comment.creator != call.caller.actor)
        return comment

    def _find_pull(self, call: Call, number: int) -> Pull:
        pull = self._pulls.get(call.repository.id, number)
        if pull is None:
            raise NotFoundError
        return pull


def _expect(call: Call, level: str, *, others: bool = False) -> None:
    repository, may = call.repository, call.caller.may
    if not any(may(repository, name, level, others=others) for name in ("pull_requests", "issues")):
        raise ForbiddenError
