"""Pull requests, and the branches that are shown no more."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from battleshiper.platform.model.deployment import Deployment
from battleshiper.platform.model.pull_request import PullRequest, Retirement


@dataclass(frozen=True, slots=True)
class Comment:
    """The one comment on a pull request that is kept up to date."""

    id: int
    fingerprint: str
    """Of its text, so that nothing is written again that is there already."""


class Pulls(Protocol):
    """Pull requests and retired branches. Deliveries bring them: see `Acceptance`."""

    def pull(self, repository_id: int, number: int) -> PullRequest:
        """Return a pull request; raises MissingError."""
        ...

    def pulls_of_branch(self, repository_id: int, branch: str) -> Sequence[PullRequest]:
        """Return the pull requests of a branch, newest first, open or closed."""
        ...

    def comment(self, repository_id: int, number: int) -> Comment | None:
        """Return the comment on a pull request, None where there is none that we know of."""
        ...

    def keep_comment(self, repository_id: int, number: int, comment: Comment | None) -> None:
        """Remember the comment on a pull request, or that there is none. Nothing is kept of a pull request that is not
        known."""
        ...

    def retirement(self, repository_id: int, branch: str) -> Retirement | None:
        """Return why a branch is shown no more, None where it is."""
        ...

    def retire(self, deployment: Deployment, label: str) -> Deployment:
        """Take a ready preview from its branch's hostname, if that points to it, and note that it is retired; return it
        as it is then. Raises one `deployment-changed` event; nothing happens to one that is retired already. Its own
        hostname and files stay until it expires.

        Raises MissingError when it is gone, and ConflictError when it is not as `deployment` shows it any more.
        """
        ...

    def bring_back(self, deployment: Deployment, label: str) -> Deployment:
        """Show a retired preview at its branch's hostname again; return it as it is then. Raises one
        `deployment-changed` event.

        Raises MissingError when it is gone, and ConflictError when it is not as `deployment` shows it any more, is not
        retired or has expired, when its branch is retired still, or when something newer was published there.
        """
        ...
