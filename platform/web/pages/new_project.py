"""A new project: a repository is chosen, looked at, and imported."""

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from battleshiper.platform.accounts.viewer import Viewer
from battleshiper.platform.model.hostname import is_project_name, project_names
from battleshiper.platform.model.project import Project
from battleshiper.platform.model.reach import ReachableRepository
from battleshiper.platform.model.role import Right
from battleshiper.platform.model.root_directory import check_root_directory
from battleshiper.platform.model.setting_rules import SettingRefusedError, change_settings
from battleshiper.platform.model.settings import BUILD_SETTINGS, NO_SETTINGS
from battleshiper.platform.pipeline.imports import explain_absence
from battleshiper.platform.pipeline.operations import OperationRefusedError
from battleshiper.platform.pipeline.survey import Outlook
from battleshiper.platform.source.port import Found
from battleshiper.platform.web.door import Form
from battleshiper.platform.web.pages.refusal import NO_REFUSAL, Refusal
from battleshiper.platform.web.pages.view import View
from battleshiper.platform.web.services import Services

NEW_PATH = "/new"
_MOST = 50
"""Repositories that are listed at once: who has more searches."""
_NAMES = (*BUILD_SETTINGS, "production_branch")


@dataclass(frozen=True, slots=True)
class Offer:
    """A repository that projects can be made of, with those that it has."""

    repository: ReachableRepository
    projects: list[Project]


class NewProjectPage:
    """Serves it, to everybody who is signed in."""

    def __init__(self, services: Services, github_url: str, view: View) -> None:
        self._store = services.store
        self._imports = services.imports
        self._survey = services.survey
        self._github_url = github_url
        self._view = view

    def show(self, request: Request, viewer: Viewer) -> Response:
        """The repositories to choose from, or the one that was chosen, as it will be imported."""
        repository = request.query_params.get("repository", "")
        if not repository:
            return self._list(request, viewer)
        return self._look(request, viewer, repository, request.query_params.get("root"))

    def add(self, request: Request, viewer: Viewer, form: Form) -> Response:
        """Import it, and lead to the project."""
        repository, root = form.get("repository", ""), form.get("root", "").strip()
        name = form.get("name", "").strip()
        if name and not is_project_name(name):
            why = "Up to 40 of a-z, 0-9 and single hyphens, and neither reserved nor with -git at its end."
            return self._look(request, viewer, repository, root, 422, Refusal("name", why, form))
        try:
            self._check(viewer, repository)
            told = {each: form.get(each, "").strip() or None for each in _NAMES}
            settings = change_settings(NO_SETTINGS, told)
            project = self._imports.add(repository, root, name or None, settings, may_add=viewer.may_add)
        except SettingRefusedError as error:
            return self._look(request, viewer, repository, root, 422, Refusal(error.field, str(error), form))
        except ValueError as error:
            return self._look(request, viewer, repository, root, 422, Refusal("root", str(error), form))
        except OperationRefusedError as error:
            return self._look(request, viewer, repository, root, 409, Refusal("", error.message, form))
        return self._view.lead_to(f"/projects/{project.name}", "imported")

    def _list(self, request: Request, viewer: Viewer, status: int = 200, refusal: str = "") -> Response:
        wanted = request.query_params.get("search", "").strip().lower()
        writable = [each for each in viewer.repositories() if each.may_write]
        found = [each for each in writable if wanted in each.full_name.lower()]
        return self._view.render(
            "new.html",
            request,
            viewer,
            status,
            refusal=refusal,
            search=request.query_params.get("search", ""),
            total=len(writable),
            matching=len(found),
            offers=[Offer(each, self._store.projects_of_repository(each.id)) for each in found[:_MOST]],
            github_url=self._github_url,
            query=lambda name: urlencode({"repository": name}),
        )

    def _look(
        self,
        request: Request,
        viewer: Viewer,
        repository: str,
        root: str | None,
        status: int = 200,
        refused: Refusal = NO_REFUSAL,
    ) -> Response:
        try:
            self._check(viewer, repository)
            found = self._imports.find(repository, may_add=viewer.may_add)
            outlook = self._survey.look(found, _folder(root))
        except OperationRefusedError as error:
            return self._list(request, viewer, 404, error.message)
        return self._view.render(
            "import.html",
            request,
            viewer,
            status,
            refusal="" if refused.field else refused.why,
            repository=found.full_name,
            outlook=outlook,
            there=self._there(found, outlook),
            name=next(iter(project_names(found.full_name, found.id, outlook.root))),
            refused=refused,
        )

    @staticmethod
    def _check(viewer: Viewer, repository: str) -> None:
        """Ask with the viewer's own token before the App is asked, whose questions are counted for everybody."""
        mine = (each for each in viewer.repositories() if each.full_name.lower() == repository.lower())
        if not viewer.has(Right.WRITE_PROJECTS) and not any(each.may_write for each in mine):
            raise OperationRefusedError(explain_absence(repository))

    def _there(self, found: Found, outlook: Outlook) -> Project | None:
        projects = self._store.projects_of_repository(found.id)
        return next((each for each in projects if each.root_directory == outlook.root), None)


def _folder(root: str | None) -> str | None:
    """What cannot be a folder is looked at as the top: what is wrong with it is told when it is imported."""
    if root is None:
        return None
    try:
        return check_root_directory(root.strip())
    except ValueError:
        return ""
