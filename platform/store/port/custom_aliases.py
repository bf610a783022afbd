"""Hostnames that projects hold beside their own."""

from typing import Protocol

from battleshiper.platform.model.custom_alias import CustomAlias
from battleshiper.platform.store.port.subscriptions import Count


class CustomAliases(Protocol):
    """Which project holds which label, and what that follows. Where it points is for `Aliases` to say of what is
    followed."""

    def custom_aliases(self, project_id: str | None = None) -> list[CustomAlias]:
        """Return all, or a project's, by label; those that are released as well until they are forgotten."""
        ...

    def holder(self, label: str) -> str | None:
        """Return the id of the project whose name, alias or custom alias a label is."""
        ...

    def hold_alias(self, alias: CustomAlias, most: int | None) -> Count:
        """Let a project hold a label, or follow something else with one that it holds, unless its account holds `most`
        others already: then nothing changes. However many hold at once, no more than `most` are held. Raises
        MissingError without the project, and ConflictError where the label is somebody else's or a name."""
        ...

    def held_aliases(self, account_id: int) -> int:
        """Return how many labels an account holds."""
        ...

    def release_alias(self, alias: CustomAlias) -> bool:
        """Let a label follow nothing. It is held until it is forgotten; False when it was not held."""
        ...

    def forget_alias(self, alias: CustomAlias) -> None:
        """Forget a label that was released and whose route is gone."""
        ...
