"""What GitHub lets the App do, and projects that go by it."""

from collections.abc import Sequence
from typing import Protocol

from battleshiper.platform.model.access import Grant, RepositoryFacts
from battleshiper.platform.model.project import Installation, Project


class Accesses(Protocol):
    """What is known of repositories and installations; deliveries bring it too (see `Acceptance`). Of what is told of
    one thing the newer counts, in whatever order it comes: see `model.access`."""

    def learn(
        self,
        *,
        installations: Sequence[Installation] = (),
        grants: Sequence[Grant] = (),
        repositories: Sequence[RepositoryFacts] = (),
    ) -> None:
        """Remember what GitHub answered, where nothing newer is known."""
        ...

    def follow(self, project_id: str) -> Project:
        """Let a project be as what is known of its repository says (`model.access.followed`); return it as it is then.
        Raises MissingError."""
        ...
