"""Projects in DynamoDB."""

from collections.abc import Sequence

from battleshiper.platform.model.event import Event
from battleshiper.platform.model.project import Project, Surface
from battleshiper.platform.model.settings import ProjectSettings, write_project_settings
from battleshiper.platform.store.change import write_surfaces
from battleshiper.platform.store.dynamodb.access_row import find_facts
from battleshiper.platform.store.dynamodb.draft import Draft
from battleshiper.platform.store.dynamodb.known import DynamoKnown
from battleshiper.platform.store.dynamodb.part import DynamoPart
from battleshiper.platform.store.dynamodb.project_row import to_project
from battleshiper.platform.store.dynamodb.snapshot import Snapshot
from battleshiper.platform.store.dynamodb.table import label_key, project_key, shards
from battleshiper.platform.store.dynamodb.transaction import IS_THERE, Transaction
from battleshiper.platform.store.dynamodb.values import Values, setting
from battleshiper.platform.store.port import ConflictError, MissingError, NewProject


class DynamoProjects(DynamoPart):
    """See `Projects` in `store.port`."""

    def projects(self) -> list[Project]:
        """Return all projects by name."""
        rows = (row for shard in shards("PROJECTS") for row in self._rows.below(shard))
        return sorted(map(to_project, rows), key=lambda project: project.name)

    def project(self, project_id: str) -> Project:
        """Return a project; raises MissingError."""
        row = self._rows.find(project_key(project_id))
        if row is None:
            raise MissingError("project", project_id)
        return to_project(row)

    def project_named(self, name: str) -> Project:
        """Return a project by its name; raises MissingError."""
        label = self._rows.find(label_key(name))
        row = self._rows.find(project_key(label["project_id"])) if label and label.get("named") else None
        if row is None:
            raise MissingError("project", name)
        return to_project(row)

    def projects_of_repository(self, repository_id: int) -> list[Project]:
        """Return the projects built from a repository, by root directory."""
        return DynamoKnown(Snapshot(self._rows)).projects_of_repository(repository_id)

    def create_project(self, project: NewProject, events: Sequence[Event] = ()) -> Project:
        """Create a project; raises ConflictError when its place or every name is taken."""

        def create() -> None:
            snapshot, transaction = Snapshot(self._rows), Transaction()
            draft = Draft(snapshot, transaction, self._order, self._clock())
            if not draft.add_project(project):
                raise ConflictError(f"there is a project for {project.place} already")
            draft.hold()
            self._relay.commit(transaction, list(events))

        self._again(create)
        return self.project(project.id)

    def set_surfaces(self, project_id: str, surfaces: frozenset[Surface]) -> Project:
        """Remember where a project's deployments are shown on GitHub; raises MissingError."""
        return self._change(project_id, {"surfaces": write_surfaces(surfaces)})

    def set_settings(self, project_id: str, settings: ProjectSettings) -> Project:
        """Remember what a project is told, and let it follow that; raises MissingError."""

        def change() -> Project:
            row = self._rows.find(project_key(project_id))
            if row is None:
                raise MissingError("project", project_id)
            project = to_project(row)
            facts = find_facts(self._rows, project.repository_id)
            default = project.production_branch if facts is None else facts.default_branch
            branch = settings.production_branch or default
            values: Values = {"settings": write_project_settings(settings)}
            if branch is not None:
                values = {**values, "production_branch": branch}
            seen: Values = {"one": 1, "seen": row["revision"]}
            transaction = Transaction()
            transaction.update(
                project_key(project_id),
                f"{setting(values)} ADD #revision :one",
                "#revision = :seen",
                {**values, **seen},
            )
            self._rows.commit(transaction)
            return self.project(project_id)

        return self._again(change)

    def _change(self, project_id: str, settings: Values) -> Project:
        change = f"{setting(settings)} ADD #revision :one"
        values: Values = {**settings, "one": 1}
        row = self._again(lambda: self._rows.update(project_key(project_id), change, IS_THERE, values))
        if row is None:
            raise MissingError("project", project_id)
        return to_project(row)
