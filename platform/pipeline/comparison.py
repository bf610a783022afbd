"""Whose comparison with production is another one once production shows something else."""

from collections.abc import Iterator

from battleshiper.platform.model.deployment import Deployment
from battleshiper.platform.model.event import Event
from battleshiper.platform.model.hostname import production_label
from battleshiper.platform.model.project import Project
from battleshiper.platform.pipeline.requests import pull_changed
from battleshiper.platform.store.port import MissingError, Store

_MOST_PULLS = 20
"""Those whose previews are the newest. Each costs GitHub a write, and it takes so many in a minute."""


def compared_again(store: Store, project: Project) -> list[Event]:
    """Return the events that ask to look at the comments of the project's open pull requests which have a preview."""
    found: dict[int, Event] = {}
    for preview in sorted(_previews(store, project), key=lambda each: -each.number):
        for pull in store.pulls_of_branch(project.repository_id, preview.commit.branch):
            if pull.is_open and len(found) < _MOST_PULLS:
                found[pull.number] = pull_changed(pull.repository_id, pull.number)
    return list(found.values())


def _previews(store: Store, project: Project) -> Iterator[Deployment]:
    for alias in store.aliases(project.id):
        if alias.moves and alias.label != production_label(project.name):
            try:
                yield store.deployment(alias.deployment_id)
            except MissingError:
                continue  # deleted meanwhile
