"""A conversation in memory, for tests: it remembers what was written, and fails when it is asked to."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from battleshiper.bot.conversation import Access, GitHubComment, Reaction
from battleshiper.bot.github import GitHubRefusedError, RepositoryAccess


@dataclass
class FakeComment:
    """A comment on a pull request."""

    id: int
    number: int
    body: str
    is_ours: bool = True


class FakeConversation:
    """Keeps everything that is written. `before` and `after` are called with a method's name around what it does, and
    may raise: before, nothing has happened; after, it has, and only the answer is lost."""

    def __init__(self) -> None:
        self.comments: list[FakeComment] = []
        self.heads: dict[int, str] = {}
        self.people: dict[str, Access] = {}
        self.reactions: dict[int, list[Reaction]] = {}
        self.calls: list[str] = []
        self.accesses: list[RepositoryAccess] = []
        self.before: Callable[[str], None] = lambda _: None
        self.after: Callable[[str], None] = lambda _: None

    def comments_of(self, repository: RepositoryAccess, number: int) -> Iterator[GitHubComment]:
        """Yield a pull request's comments."""
        self._begin("comments_of", repository)
        return (GitHubComment(each.id, each.body, each.is_ours) for each in self.comments if each.number == number)

    def create_comment(self, repository: RepositoryAccess, number: int, body: str) -> int:
        """Keep a comment."""
        self._begin("create_comment", repository)
        made = FakeComment(max((each.id for each in self.comments), default=0) + 1, number, body)
        self.comments.append(made)
        self.after("create_comment")
        return made.id

    def edit_comment(self, repository: RepositoryAccess, comment_id: int, body: str) -> None:
        """Change a comment."""
        self._begin("edit_comment", repository)
        found = next((each for each in self.comments if each.id == comment_id and each.is_ours), None)
        if found is None:
            raise GitHubRefusedError("GitHub answered 404: Not Found", status=404)
        found.body = body
        self.after("edit_comment")

    def head_of(self, repository: RepositoryAccess, number: int) -> str:
        """Return what `heads` says."""
        self._begin("head_of", repository)
        return self.heads[number]

    def access_of(self, repository: RepositoryAccess, login: str) -> Access | None:
        """Return what `people` says."""
        self._begin("access_of", repository)
        return self.people.get(login)

    def react(self, repository: RepositoryAccess, comment_id: int, reaction: Reaction) -> None:
        """Keep a reaction."""
        self._begin("react", repository)
        if reaction not in self.reactions.setdefault(comment_id, []):
            self.reactions[comment_id].append(reaction)
        self.after("react")

    def _begin(self, method: str, repository: RepositoryAccess) -> None:
        self.calls.append(method)
        self.accesses.append(repository)
        self.before(method)
