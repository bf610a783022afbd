"""Which label points where."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from battleshiper.platform.model.deployment import Deployment


@dataclass(frozen=True, slots=True)
class Alias:
    """A hostname's label and the deployment it points to.

    `newest` is the highest deployment number that was ever published here, which a rollback keeps: what is older
    than it does not take the alias over by itself.
    """

    label: str
    project_id: str
    deployment_id: str
    newest: int
    moves: bool
    """False for a deployment's own label."""


class Aliases(Protocol):
    """Which label points where."""

    def aliases(self, project_id: str | None = None) -> list[Alias]:
        """Return all aliases, or a project's."""
        ...

    def go_live(
        self,
        deployment: Deployment,
        *,
        own: str,
        moving: Sequence[str],
        url: str,
        function: str | None,
        reason: str = "",
        is_portable: bool = False,
    ) -> Deployment:
        """Point the labels to a deployment and make it `ready`, all in one step; return it as it is then.

        What a label pointed to before remembers when it was last shown, as with `move_alias`, which also notes it for
        what the label comes to.

        `reason` is what it says when it is ready, `is_portable` whether its build can serve for others (`borrow`).
        `own` is its own label, `moving` are those it shares with others. Where something newer was published at one
        of these, no label changes and it ends as `superseded`; a preview whose branch is retired ends as `canceled`.
        One that is ready already is returned as it is, so a repeated event undoes no rollback. Raises MissingError when
        it is gone, and ConflictError when it is not `deploying` any more (what was canceled does not go live) or a
        label is another project's alias or name.
        """
        ...

    def move_alias(self, label: str, deployment: Deployment) -> Alias:
        """Point an existing label to any ready deployment of its project, by a person's wish. Raises MissingError,
        or ConflictError, also when the deployment has expired."""
        ...
