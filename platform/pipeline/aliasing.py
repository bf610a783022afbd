"""Lets projects hold hostnames beside their own, by a person's wish."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from battleshiper.platform.model.custom_alias import CustomAlias, check_alias
from battleshiper.platform.model.project import Project
from battleshiper.platform.model.subscription import Limit, explain_refusal
from battleshiper.platform.pipeline.operations import OperationRefusedError
from battleshiper.platform.pipeline.routing import Routing
from battleshiper.platform.store.port import ConflictError, MissingError, Store

_LONGEST_BRANCH = 255


class AliasRefusedError(ValueError):
    """What was typed cannot be an alias. `field` is what to change; the message says the rule."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


class Aliasing:
    """Holds and releases custom aliases, and lets the routes follow."""

    def __init__(self, store: Store, routing: Routing, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._routing = routing
        self._clock = clock

    def of_project(self, project: Project) -> list[CustomAlias]:
        """Return what a project holds, by label."""
        return [alias for alias in self._store.custom_aliases(project.id) if not alias.is_released]

    def hold(self, project: Project, label: str, branch: str | None = None) -> CustomAlias:
        """Let a project hold `label`, which shows what `branch` does, or the production site; one that it holds follows
        that from now on. Raises AliasRefusedError for what is no alias or branch, and OperationRefusedError where it is
        somebody else's or the account holds as many as it may."""
        try:
            check_alias(label)
        except ValueError as error:
            raise AliasRefusedError("label", str(error)) from error
        if branch is not None and not 0 < len(branch) <= _LONGEST_BRANCH:
            raise AliasRefusedError("branch", f"A branch's name has 1 to {_LONGEST_BRANCH} characters.")
        if branch == project.production_branch:
            branch = None
        alias = CustomAlias(label, project.id, project.account_id, branch, self._clock())
        most = self._store.subscription_of(project.account_id).most(Limit.ALIASES)
        try:
            count = self._store.hold_alias(alias, most)
        except ConflictError as error:
            raise OperationRefusedError(self._explain(project, label)) from error
        if not count.is_counted and most is not None:
            raise OperationRefusedError(f"{explain_refusal(Limit.ALIASES, count.used, most, project.owner)}.")
        self._routing.follow_label(project.id, label)
        return alias

    def release(self, project: Project, label: str) -> CustomAlias | None:
        """Let go of a label: it shows nothing from now on, and anybody may hold it. None when it is not held."""
        alias = next((each for each in self.of_project(project) if each.label == label), None)
        if alias is None or not self._store.release_alias(alias):
            return None
        self._clear(alias)
        return alias

    def clear(self) -> None:
        """Finish what was released, where a process died between the two."""
        for alias in self._store.custom_aliases():
            if alias.is_released:
                self._clear(alias)

    def _clear(self, alias: CustomAlias) -> None:
        with suppress(MissingError):  # its project was deleted, and clears away what it had
            self._routing.follow_label(alias.project_id, alias.label)
            self._store.forget_alias(alias)

    def _explain(self, project: Project, label: str) -> str:
        holder = self._store.holder(label)
        if holder == project.id:
            return f"{label} is a hostname of {project.name} already."
        with suppress(MissingError):
            if holder is not None:
                owner = self._store.project(holder).owner
                return f"The alias {label} is taken by a project of {owner}. Ask them, or choose another."
        return f"The alias {label} is being released. Try again in a minute."
