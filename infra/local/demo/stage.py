"""Where the demo's story happens, and who tells it."""

from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Any, Protocol

from battleshiper.infra.local.demo.github import GitHubView
from battleshiper.infra.local.demo.repository import DemoRepository
from battleshiper.infra.local.github.person import Person

_POLL_SECONDS = 0.05


class StoryError(Exception):
    """The story did not go as it should; the message says where and why."""


class Api(Protocol):
    """The platform's API, as the command line speaks it."""

    def get(self, path: str, **parameters: object) -> Any:
        """Return the answer to a GET."""
        ...

    def post(self, path: str, **parameters: object) -> Any:
        """Return the answer to a POST."""
        ...


class Narrator(Protocol):
    """Tells the story to whoever watches."""

    def begin(self, what: str) -> None:
        """A step begins."""
        ...

    def progress(self, what: str) -> None:
        """The step goes on."""
        ...

    def done(self, what: str) -> None:
        """The step has ended well."""
        ...


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the story happens."""

    api: Api
    github: GitHubView
    repository: DemoRepository
    repository_name: str
    owner: Person
    """The repository's owner, in a browser."""
    site_port: int
    """Where this machine serves the sites."""


def expect(holds: bool, otherwise: str) -> None:
    """Raise StoryError unless it is so."""
    if not holds:
        raise StoryError(otherwise)


def until(seconds: float) -> Iterator[None]:
    """Yield now and then, for so long."""
    deadline = monotonic() + seconds
    while monotonic() < deadline:
        yield
        sleep(_POLL_SECONDS)


def milliseconds_since(start: float) -> int:
    """Return how long it is since a moment of the monotonic clock."""
    return round((monotonic() - start) * 1000)
