"""What viewers see: theirs, what a role shows them, and of everything else not even that it is there."""

import pytest
from front import ADA

from battleshiper.platform.accounts.viewer import Viewer
from battleshiper.platform.identity.port import IdentityUnavailableError
from battleshiper.platform.model.deployment import Commit, Environment, Origin
from battleshiper.platform.model.reach import Permission
from battleshiper.platform.model.role import Role
from battleshiper.platform.store.port import MissingError, NewDeployment, NewProject


@pytest.fixture
def view(front, store):
    """Two projects, of the repositories 7 and 8; returns how somebody sees them."""
    for number, name in ((7, "mine"), (8, "other")):
        store.create_project(NewProject(f"p{number}", (name,), 1, 2, number, f"me/{name}"))
        commit = Commit("a" * 40, "main")
        store.create_deployment(NewDeployment(f"d{number}", f"p{number}", commit, Environment.PREVIEW, Origin.PUSH))

    def view(*roles: Role, **allowed: Permission) -> Viewer:
        front.admit(ADA, roles, **allowed)
        return Viewer(store.account(ADA.id), "form", store, front.reaches)

    return view


def test_by_githubs_permission(view, store):
    """Who may read sees, who may push changes."""
    mine, other = store.project("p7"), store.project("p8")
    reader = view(r7=Permission.READ)
    assert reader.projects() == [mine]
    assert reader.project("mine") == mine
    assert reader.deployment("d7") == (store.deployment("d7"), mine)
    assert (reader.may_write(mine), reader.may_read_logs(mine), reader.may_read_logs(other)) == (False, True, False)


@pytest.mark.parametrize("permission", [Permission.WRITE, Permission.ADMIN])
def test_who_may_push(view, store, permission):
    """They change what is theirs and nothing else."""
    writer = view(r7=permission)
    assert writer.may_write(store.project("p7"))
    assert not writer.may_write(store.project("p8"))


def test_what_is_foreign_is_as_what_is_absent(view):
    """The answers are alike but for the name that was asked for."""
    viewer = view(r7=Permission.ADMIN)
    for ask, foreign, absent in (("project", "other", "none"), ("deployment", "d8", "d9")):
        told = []
        for key in (foreign, absent):
            with pytest.raises(MissingError) as raised:
                getattr(viewer, ask)(key)
            told.append((raised.value.kind, str(raised.value).replace(key, "")))
        assert told[0] == told[1]


def test_what_roles_add(view, store):
    """Support sees every project, maintainers their logs as well, and change them; overviews stay one's own."""
    other = store.project("p8")
    support = view(Role.SUPPORT)
    assert support.project("other") == other
    assert support.projects() == []
    assert (support.may_read_logs(other), support.may_write(other)) == (False, False)
    maintainer = view(Role.MAINTAINER)
    assert maintainer.deployment("d8")[1] == other
    assert (maintainer.may_read_logs(other), maintainer.may_write(other)) == (True, True)
    for role in (Role.SUBSCRIPTION_MANAGER, Role.ROLE_MANAGER):
        with pytest.raises(MissingError):
            view(role).project("other")


def test_github_is_asked_only_when_it_matters(view, front):
    """An operator works on while GitHub is down."""
    maintainer = view(Role.MAINTAINER)
    front.provider.error = IdentityUnavailableError("down")
    assert maintainer.project("mine").name == "mine"
    with pytest.raises(IdentityUnavailableError):
        maintainer.projects()


def test_a_repository_that_is_a_moment_old(view, store, front, clock):
    """Who pushed it sees its project at once, and each look at what is not there asks GitHub once a second at most."""
    viewer = view(r7=Permission.READ)
    assert [each.name for each in viewer.projects()] == ["mine"]
    front.provider.allowed[ADA.id] = {7: Permission.READ, 9: Permission.WRITE}
    clock.advance(seconds=2)
    store.create_project(NewProject("p9", ("new",), 1, 2, 9, "me/new"))
    assert view_again(viewer, store, front).project("new").name == "new"
    asked = front.provider.asked
    for name in ("other", "none", "other"):
        with pytest.raises(MissingError):
            view_again(viewer, store, front).project(name)
    assert front.provider.asked == asked
    front.provider.allowed[ADA.id][10] = Permission.READ
    clock.advance(seconds=2)
    store.create_project(NewProject("p10", ("newer",), 1, 2, 10, "me/newer"))
    assert [each.name for each in view_again(viewer, store, front).projects()] == ["mine", "new", "newer"]


def view_again(viewer: Viewer, store, front) -> Viewer:
    """Return the same person at their next request."""
    return Viewer(viewer.account, "form", store, front.reaches)


def test_a_project_that_was_deleted_a_moment_ago(view, store):
    """Its deployments are gone with it."""
    viewer = view(r7=Permission.READ)
    store.delete_project("p7")
    with pytest.raises(MissingError):
        viewer.deployment("d7")
