"""Administration: by right, written down, and never so that nobody could give roles any more."""

import pytest
from front import ADA, BOB

from battleshiper.platform.accounts.administration import Administration, AdministrationRefusedError
from battleshiper.platform.accounts.caller import ForbiddenError
from battleshiper.platform.accounts.operator import Operator
from battleshiper.platform.accounts.viewer import Viewer
from battleshiper.platform.model.role import ALL_ROLES, RIGHTS, Right, Role
from battleshiper.platform.store.port import MissingError


@pytest.fixture
def administration(store, clock):
    """The administration of everybody."""
    return Administration(store, clock)


@pytest.fixture
def as_role(front, store):
    """Return Ada with roles."""

    def as_role(*roles: Role) -> Viewer:
        front.admit(ADA, roles)
        return Viewer(store.account(ADA.id), "", store, front.reaches)

    return as_role


def test_roles_are_given_and_written_down(administration, as_role, store):
    """Who, to whom, what it was and what it is."""
    store.welcome(BOB)
    manager = as_role(Role.ROLE_MANAGER)
    assert administration.set_roles(manager, BOB.id, {Role.SUPPORT, Role.MAINTAINER}).roles == {
        Role.SUPPORT,
        Role.MAINTAINER,
    }
    administration.set_roles(manager, BOB.id, {Role.SUPPORT})
    newest, first = store.audit()
    assert (newest.actor, newest.action, newest.subject) == ("ada (7)", "roles.set", "bob (8)")
    assert (newest.before, newest.after) == ("maintainer support", "support")
    assert (first.before, first.after) == ("", "maintainer support")


@pytest.mark.parametrize("role", [None, *Role])
def test_each_thing_takes_its_right(administration, as_role, store, role):
    """Every role does what its rights say, and nothing else; what is refused is not done and not written down."""
    store.welcome(BOB)
    caller = as_role(*([role] if role else []))
    rights = RIGHTS[role] if role else frozenset()
    for right, act in (
        (Right.READ_USERS, lambda: administration.find(caller)),
        (Right.READ_USERS, lambda: administration.account(caller, BOB.id)),
        (Right.READ_LOGS, lambda: administration.audit(caller, 1)),
        (Right.WRITE_ROLES, lambda: administration.set_roles(caller, BOB.id, {Role.SUPPORT})),
        (Right.WRITE_USERS, lambda: administration.end_sessions(caller, BOB.id)),
        (Right.WRITE_USERS, lambda: administration.delete(caller, BOB.id)),
    ):
        before = (store.accounts(), store.audit())
        if right in rights:
            act()
        else:
            with pytest.raises(ForbiddenError, match=right.value):
                act()
            assert (store.accounts(), store.audit()) == before


def test_somebody_can_always_give_roles(administration, as_role, store):
    """The only role manager stays one until there is another."""
    manager = as_role(*ALL_ROLES)
    for act in (
        lambda: administration.set_roles(manager, ADA.id, ()),
        lambda: administration.delete(Operator(store), ADA.id),
    ):
        with pytest.raises(AdministrationRefusedError, match="only role manager"):
            act()
    store.welcome(BOB, {Role.ROLE_MANAGER})
    administration.set_roles(manager, ADA.id, {Role.SUPPORT})
    assert store.account(ADA.id).roles == {Role.SUPPORT}


def test_accounts_are_found(administration, store):
    """By a part of login or name, or by the whole number."""
    operator = Operator(store)
    ada, bob = store.welcome(ADA), store.welcome(BOB)
    assert administration.find(operator) == [ada, bob]
    assert administration.find(operator, " AD") == [ada]
    assert administration.find(operator, "8") == [bob]
    assert administration.find(operator, "nobody") == []


def test_an_account_ends(administration, front, store):
    """Its sessions end at once, by themselves or with it."""
    operator = Operator(store)
    entered = front.admit(BOB)
    administration.end_sessions(operator, BOB.id)
    assert front.desk.enter(entered.new_cookie) is None
    administration.delete(operator, BOB.id)
    for act in (administration.delete, administration.end_sessions, administration.account):
        with pytest.raises(MissingError):
            act(operator, BOB.id)
    assert [each.action for each in store.audit()] == ["account.delete", "sessions.end"]
    assert store.audit()[0].actor == "the operator"
