"""Calls and answers, apart from HTTP."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar, cast

from battleshiper.infra.local.github.access import Caller
from battleshiper.infra.local.github.api.errors import NotFoundError
from battleshiper.infra.local.github.records.repositories import Repository

T = TypeVar("T")

_PER_PAGE = 30
_MAX_PER_PAGE = 100
_MAX_NUMBER = 2**63 - 1  # what SQLite can hold


@dataclass(frozen=True, slots=True)
class Answer:
    """What to answer. `body` is JSON; `total` tells how many items a list has in all, where it is one page of them."""

    body: object = None
    status: int = 200
    total: int | None = None
    links: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Query parameters of other pages by their relation, for lists that are not numbered."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the API."""

    caller: Caller
    parameters: Mapping[str, object]
    """From the path."""
    query: Mapping[str, str]
    body: Mapping[str, object]
    found: Repository | None = None

    @property
    def repository(self) -> Repository:
        """The repository that the path names."""
        return cast(Repository, self.found)

    def text(self, name: str) -> str:
        """Return a text from the path."""
        return str(self.parameters[name])

    def number(self, name: str) -> int:
        """Return a number from the path; raises NotFoundError."""
        text = self.text(name)
        if not (text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= _MAX_NUMBER):
            raise NotFoundError
        return int(text)

    @property
    def per_page(self) -> int:
        """How many items a page holds. What makes no sense is ignored, as at GitHub."""
        return min(_read(self.query.get("per_page"), _PER_PAGE), _MAX_PER_PAGE)

    @property
    def page(self) -> int:
        """The number of the page, from 1."""
        return _read(self.query.get("page"), 1)

    @property
    def skip(self) -> int:
        """How many items come before the page."""
        return (self.page - 1) * self.per_page

    def cut(self, items: list[T]) -> list[T]:
        """Return the items of the page."""
        return items[self.skip : self.skip + self.per_page]


Handler = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method of one path.

    A path that starts with `/repos/{repo}` names a repository, which the caller must see and, for `permission` at
    `level`, may use. Others say with `app` that they are for the App itself, not for a token of it, or with `client`
    that they are for its client id and secret.
    """

    method: str
    path: str
    handle: Handler
    permission: str = "metadata"
    level: str = "read"
    app: bool = False
    client: bool = False
    public: bool = False


def _read(text: str | None, default: int) -> int:
    if text and text.isascii() and text.isdigit() and len(text) < 10 and int(text) > 0:
        return int(text)
    return default
