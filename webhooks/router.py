"""The router: which event is whose."""

from collections.abc import Callable
from typing import TypeVar

from battleshiper.platform.pipeline.requests import MintTicket
from battleshiper.platform.store.port import Known
from battleshiper.webhooks.event import VerifiedEvent
from battleshiper.webhooks.fields import Fields, fields_of
from battleshiper.webhooks.installation import InstallationChange, Installations
from battleshiper.webhooks.installation_repositories import InstallationRepositories, RepositoriesChange
from battleshiper.webhooks.installation_target import InstallationTargets, TargetChange
from battleshiper.webhooks.issue_comment import CommentChange, IssueComments
from battleshiper.webhooks.payload import Unused
from battleshiper.webhooks.ping import answer_ping
from battleshiper.webhooks.plan import Plan
from battleshiper.webhooks.pull_request import PullChange, PullRequests
from battleshiper.webhooks.push import Push, Pushes
from battleshiper.webhooks.repositories import Repositories
from battleshiper.webhooks.repository import RepositoryChange, RepositoryChanges

T = TypeVar("T")
Decide = Callable[[Known], Plan]
"""What is left to do when a payload has been read."""
_Reader = Callable[[bytes | bytearray], Decide]


class Router:
    """Reads an event's payload for the module that is named after the event."""

    def __init__(self, app_id: int | None, mint: MintTicket) -> None:
        self._app = None if app_id is None else str(app_id)
        repositories = Repositories(mint)
        self._readers: dict[str, _Reader] = {
            "ping": _reads(Unused.read, answer_ping),
            "push": _reads(Push.read, Pushes(mint).plan),
            "pull_request": _reads(PullChange.read, PullRequests(mint).plan),
            "issue_comment": _reads(CommentChange.read, IssueComments(mint).plan),
            "installation": _reads(InstallationChange.read, Installations(repositories, mint).plan),
            "installation_target": _reads(TargetChange.read, InstallationTargets(mint).plan),
            "repository": _reads(RepositoryChange.read, RepositoryChanges(repositories).plan),
            "installation_repositories": _reads(RepositoriesChange.read, InstallationRepositories(repositories).plan),
        }

    def read(self, event: VerifiedEvent) -> Decide:
        """Return what decides on `event`; raises MalformedError when its payload cannot be read."""
        if event.app is not None and self._app is not None and event.app != self._app:
            return _leave(event, f"The delivery is for another App ({event.app[:40]}); this one is {self._app}.")
        reader = self._readers.get(event.name)
        return reader(event.text) if reader else _leave(event, f"Nothing is done on {event.name}.")


def _reads(read: Callable[[Fields], T], handle: Callable[[T, Known], Plan]) -> _Reader:
    def reader(text: bytes | bytearray) -> Decide:
        payload = read(fields_of(text))
        return lambda known: handle(payload, known)

    return reader


def _leave(event: VerifiedEvent, reason: str) -> Decide:
    payload = Unused.read(fields_of(event.text))
    plan = Plan(payload.repository, payload.action).ignore(reason)
    return lambda _known: plan
