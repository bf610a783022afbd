"""Imports: further sites of a repository, each from a folder of its own."""

from collections.abc import Callable

from battleshiper.platform.model.custom_alias import RULE
from battleshiper.platform.model.hostname import is_project_name, project_names
from battleshiper.platform.model.identifier import new_identifier
from battleshiper.platform.model.project import Project
from battleshiper.platform.model.root_directory import check_root_directory
from battleshiper.platform.model.settings import NO_SETTINGS, ProjectSettings
from battleshiper.platform.pipeline.allowance import Allowance, LimitReachedError
from battleshiper.platform.pipeline.operations import OperationRefusedError
from battleshiper.platform.pipeline.requests import MintTicket, init_request
from battleshiper.platform.source.port import Found, Source, SourceError
from battleshiper.platform.store.port import ConflictError, NewProject, Projects
from battleshiper.platform.tickets.ticket import Requester


class Imports:
    """Makes projects by a person's wish. What the App is given makes one for its top by itself."""

    def __init__(self, store: Projects, source: Source, mint: MintTicket, allowance: Allowance) -> None:
        self._store = store
        self._allowance = allowance
        self._source = source
        self._mint = mint

    def add(
        self,
        repository: str,
        root_directory: str,
        name: str | None = None,
        settings: ProjectSettings = NO_SETTINGS,
        *,
        may_add: Callable[[int], bool] = lambda _: True,
    ) -> Project:
        """Make a project of a folder of `repository` (`owner/name`), under this name or one like the folder's, and let
        the head of its production branch be deployed. `may_add` tells by a repository's id whether that may be done;
        where not, it is as one that is not there. Raises OperationRefusedError, and ValueError for what is no folder or
        name."""
        try:
            root = check_root_directory(root_directory)
        except ValueError as error:
            raise ValueError(f"The root directory {error}, not {root_directory!r}.") from error
        if name is not None and not is_project_name(name):
            raise ValueError(f"{name[:80]!r} cannot be a project's name: {RULE}.")
        found = self.find(repository, may_add=may_add)
        names = (name,) if name is not None else tuple(project_names(found.full_name, found.id, root))
        new = NewProject(
            new_identifier(), names, found.installation_id, found.account_id, found.id, found.full_name, root, settings
        )
        self._check_place(new)
        try:
            self._allowance.check_projects(found.account_id, found.full_name.partition("/")[0])
        except LimitReachedError as error:
            raise OperationRefusedError(f"{error}.") from error
        request = init_request(
            self._mint,
            new.id,
            installation_id=found.installation_id,
            repository_id=found.id,
            source=Requester.OPERATOR,
            user=0,
        )
        try:
            return self._store.create_project(new, [request])
        except ConflictError as error:
            self._check_place(new)
            raise OperationRefusedError(f"The name {name!r} is taken. Choose another.") from error

    def find(self, repository: str, *, may_add: Callable[[int], bool] = lambda _: True) -> Found:
        """Return a repository (`owner/name`) that projects may be made of; raises OperationRefusedError."""
        try:
            found = self._source.find(repository)
        except SourceError as error:
            raise OperationRefusedError(str(error)) from error
        if found is None or not may_add(found.id):
            raise OperationRefusedError(explain_absence(repository))
        return found

    def _check_place(self, new: NewProject) -> None:
        for project in self._store.projects_of_repository(new.repository_id):
            if project.root_directory == new.root_directory:
                raise OperationRefusedError(f"{new.place} is the project {project.name} already.")


def explain_absence(repository: str) -> str:
    """Return what is said of a repository that is not there, or may not be seen."""
    return f"The App may not see a repository {repository[:200]!r}. Is the name right, and is the App installed on it?"
