"""Further sites of a repository."""

import json

import pytest

from battleshiper.platform.model.deployment import Environment
from battleshiper.platform.model.event import Event, EventType
from battleshiper.platform.pipeline.imports import Imports
from battleshiper.platform.pipeline.operations import OperationRefusedError


@pytest.fixture
def imports(world) -> Imports:
    """Imports into a platform that has the repository's first project."""
    world.project()
    return Imports(world.store, world.source, world.mint, world.allowance)


def taken_events(world) -> list[Event]:
    """Return the init events that are on the bus."""
    query = "SELECT detail FROM events WHERE type = ?"
    found = world.database.read(lambda connection: connection.execute(query, (EventType.INIT,)).fetchall())
    return [Event(EventType.INIT, json.loads(detail)) for (detail,) in found]


def test_a_folder_becomes_a_project(world, imports: Imports) -> None:
    """It has the repository's installation, a name like its folder's, and what GitHub says comes with its event."""
    made = imports.add("me/site", "./apps/docs/")
    assert (made.name, made.root_directory, made.repository) == ("site-docs", "apps/docs", "me/site")
    assert (made.installation_id, made.account_id, made.repository_id) == (1, 2, 7)
    (event,) = taken_events(world)
    world.preparation.prepare(event)
    prepared = world.store.project(made.id)
    assert prepared.production_branch == "main"
    deployments = {each.project_id: each for each in world.store.deployments()}
    assert deployments[made.id].environment is Environment.PRODUCTION


def test_a_name_of_ones_own(imports: Imports) -> None:
    """It is taken as it is."""
    assert imports.add("me/site", "apps/docs", "manual").name == "manual"


def test_the_top_can_be_added_again(world, imports: Imports) -> None:
    """Where the first project was deleted, or was not wanted at first."""
    world.store.delete_project(world.project().id)
    assert imports.add("me/site", "").root_directory == ""


@pytest.mark.parametrize(
    ("repository", "root", "name", "said"),
    [
        ("me/site", "", None, "me/site is the project site already"),
        ("me/site", "apps/docs", None, "me/site/apps/docs is the project manual already"),
        ("me/site", "apps/web", "manual", "The name 'manual' is taken. Choose another."),
        ("me/other", "apps/web", None, "The App may not see a repository 'me/other'"),
    ],
)
def test_what_is_refused(world, imports: Imports, repository: str, root: str, name: str | None, said: str) -> None:
    """With the reason, and nothing is made."""
    imports.add("me/site", "apps/docs", "manual")
    before = world.store.projects()
    with pytest.raises(OperationRefusedError, match=said):
        imports.add(repository, root, name)
    assert world.store.projects() == before


@pytest.mark.parametrize("root", ["../other", "/etc", "a//b", "a/../b", "a\\b", "a\nb"])
def test_what_is_no_folder(imports: Imports, root: str) -> None:
    """A root directory stays in its repository."""
    with pytest.raises(ValueError, match="The root directory must be a path inside the repository"):
        imports.add("me/site", root)


@pytest.mark.parametrize(
    "name", ["", "www", "Docs", "a--b", "xn--a", "a" * 41, "shop-git-main", "docs-0123abcd", "a.b"]
)
def test_what_is_no_name(imports: Imports, name: str) -> None:
    """A name is a label of a hostname, and none that another site could have."""
    with pytest.raises(ValueError, match="cannot be a project's name"):
        imports.add("me/site", "apps/docs", name)


def test_while_github_is_out_of_reach(world, imports: Imports) -> None:
    """It says so, and nothing is made."""
    world.source.down = True
    with pytest.raises(OperationRefusedError, match="does not answer"):
        imports.add("me/site", "apps/docs")
    assert [project.name for project in world.store.projects()] == ["site"]
