"""The dashboard: the pages at their addresses."""

import math
from collections.abc import Callable

from starlette.requests import Request
from starlette.routing import BaseRoute

from battleshiper.platform.pipeline.allowance import Allowance
from battleshiper.platform.web.door import Door
from battleshiper.platform.web.pages.actions import Actions
from battleshiper.platform.web.pages.aliases import AliasesPage
from battleshiper.platform.web.pages.deed import Deed
from battleshiper.platform.web.pages.deployment import DeploymentPage
from battleshiper.platform.web.pages.files import FilesPage
from battleshiper.platform.web.pages.hooks import HooksPage
from battleshiper.platform.web.pages.live_log import LiveLog
from battleshiper.platform.web.pages.new_project import NEW_PATH, NewProjectPage
from battleshiper.platform.web.pages.overview import Overview
from battleshiper.platform.web.pages.project import ProjectPage
from battleshiper.platform.web.pages.project_logs import LogsPage
from battleshiper.platform.web.pages.rollback import Rollback
from battleshiper.platform.web.pages.settings import SettingsPage
from battleshiper.platform.web.pages.usage import UsagePage
from battleshiper.platform.web.pages.view import View
from battleshiper.platform.web.renderer import Renderer
from battleshiper.platform.web.services import Services


class Pages:
    """Everything that the owner of a site looks at."""

    def __init__(
        self,
        services: Services,
        github_url: str,
        base_url: str,
        door: Door,
        renderer: Renderer,
        *,
        follow_seconds: float = math.inf,
        offer: Callable[[Request], str] = lambda _: "",
    ) -> None:
        """A log is followed for `follow_seconds` at a time, see `LiveLog`. `offer` returns where the one who asks may
        connect GitHub, nothing if they may not."""
        view = View(renderer)
        store, logs, operations, addresses = services.store, services.logs, services.operations, services.addresses
        self._door = door
        self._overview = Overview(store, addresses, github_url, view, offer)
        self._new = NewProjectPage(services, github_url, view)
        self._project = ProjectPage(store, addresses, github_url, view)
        self._logs = LogsPage(store, logs, view, services.clock)
        self._usage = UsagePage(Allowance(store, services.clock), view)
        self._aliases = AliasesPage(services.aliasing, addresses, view)
        self._hooks = HooksPage(services.hooks, base_url, view)
        self._settings = SettingsPage(services, view)
        self._deployment = DeploymentPage(store, logs, github_url, view)
        self._files = FilesPage(services.objects, view)
        self._live = LiveLog(store, logs, follow_seconds)
        self._rollback = Rollback(store, operations, self._project, view)
        self._actions = Actions(operations, self._deployment, view)

    def routes(self) -> list[BaseRoute]:
        """Return the routes to mount."""
        show, act, stream = self._door.page, self._door.action, self._door.stream
        project, deployment = "/projects/{name}", "/deployments/{id}"
        settings = f"{project}/settings"
        return [
            show("/", self._overview.show),
            show(NEW_PATH, self._new.show),
            act(NEW_PATH, self._new.add),
            show(project, self._project.show),
            act(f"{project}/rollback", self._rollback.act),
            show(f"{project}/logs", self._logs.show),
            show(f"{project}/usage", self._usage.show),
            show(f"{project}/aliases", self._aliases.show),
            act(f"{project}/aliases", self._aliases.hold),
            act(f"{project}/aliases/release", self._aliases.release),
            show(f"{project}/hooks", self._hooks.show),
            act(f"{project}/hooks", self._hooks.add),
            act(f"{project}/hooks/remove", self._hooks.remove),
            show(settings, self._settings.show),
            act(f"{settings}/build", self._settings.set_build),
            act(f"{settings}/branches", self._settings.set_branches),
            act(f"{settings}/surfaces", self._settings.set_surfaces),
            act(f"{settings}/variables", self._settings.keep_variable),
            act(f"{settings}/variables/remove", self._settings.remove_variable),
            act(f"{settings}/delete", self._settings.delete),
            show(deployment, self._deployment.show),
            show(f"{deployment}/files", self._files.show),
            stream(f"{deployment}/events", self._live.follow),
            show(f"{deployment}/log.txt", self._live.download),
            *(act(f"{deployment}/{deed}", self._actions.endpoint(deed)) for deed in Deed),
        ]
