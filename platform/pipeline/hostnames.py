"""Every hostname with what it shows: the store's aliases, and the custom ones as they follow these."""

from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass

from battleshiper.platform.store.port import Alias, MissingError, Store


@dataclass(frozen=True, slots=True)
class Hostname:
    """A label that shows a deployment."""

    label: str
    followed: Alias
    """The alias that says which deployment: its own, or the one that it follows."""


def hostnames(store: Store, project_id: str | None = None) -> list[Hostname]:
    """Return all hostnames, or a project's. A custom alias is none before there is what it follows."""
    aliases = {alias.label: alias for alias in store.aliases(project_id)}
    own = [Hostname(alias.label, alias) for alias in aliases.values()]
    following = [Hostname(label, aliases[target]) for label, target in _targets(store, project_id) if target in aliases]
    return own + following


def followers(store: Store, project_id: str, labels: Collection[str]) -> list[str]:
    """Return the custom aliases that follow any of a project's labels."""
    return [label for label, target in _targets(store, project_id) if target in labels]


def _targets(store: Store, project_id: str | None) -> Iterator[tuple[str, str]]:
    for custom in store.custom_aliases(project_id):
        with suppress(MissingError):  # its project is being deleted
            if not custom.is_released:
                yield custom.label, custom.followed(store.project(custom.project_id))
