"""The router: which event is whose."""

from collections.abc import Callable

from battleshiper.platform.pipeline.requests import MintTicket
from battleshiper.webhooks.event import VerifiedEvent
from battleshiper.webhooks.installation import InstallationChange, Installations
from battleshiper.webhooks.installation_repositories import InstallationRepositories, RepositoriesChange
from battleshiper.webhooks.payload import P, Unused, read
from battleshiper.webhooks.ping import answer_ping
from battleshiper.webhooks.plan import Plan
from battleshiper.webhooks.push import Push, PushedProjects, Pushes
from battleshiper.webhooks.repositories import Repositories

_Handler = Callable[[bytes | bytearray], Plan]


class Router:
    """Reads an event's payload and lets the module that is named after it decide."""

    def __init__(self, app_id: int | None, store: PushedProjects, mint: MintTicket) -> None:
        self._app = None if app_id is None else str(app_id)
        repositories = Repositories(mint)
        self._handlers: dict[str, _Handler] = {
            "ping": _reads(Unused, answer_ping),
            "push": _reads(Push, Pushes(store, mint).plan),
            "installation": _reads(InstallationChange, Installations(repositories).plan),
            "installation_repositories": _reads(RepositoriesChange, InstallationRepositories(repositories).plan),
        }

    def plan(self, event: VerifiedEvent) -> Plan:
        """Decide what `event` leads to; raises MalformedError when its payload cannot be read."""
        if event.app is not None and self._app is not None and event.app != self._app:
            return _leave(event, f"The delivery is for another App ({event.app[:40]}); this is {self._app}.")
        handler = self._handlers.get(event.name)
        return handler(event.text) if handler else _leave(event, f"Nothing is done on {event.name}.")


def _reads(model: type[P], handle: Callable[[P], Plan]) -> _Handler:
    return lambda text: handle(read(model, text))


def _leave(event: VerifiedEvent, reason: str) -> Plan:
    payload = read(Unused, event.text)
    return Plan(payload.repository_name, payload.action_name).ignore(reason)
