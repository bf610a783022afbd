"""What happens between the moment a deployment's labels are read and the moment they are written."""

from datetime import timedelta

import pytest
from aws.dynamo_platform import deployment, project

from battleshiper.platform.model.deployment import Deployment, State
from battleshiper.platform.store.port import Claim, ConflictError, MissingError, SpentError


def deploying(platform, id_: str, project_id: str = "p1") -> Deployment:
    """Create a deployment and bring it to where it may go live."""
    made = platform.store.create_deployment(deployment(id_, project_id))
    return platform.store.advance(platform.store.advance(made, State.BUILDING), State.DEPLOYING)


def go_live(platform, wanted: Deployment, label: str = "shop") -> Deployment:
    """Let a deployment go live at its id and at a label."""
    return platform.store.go_live(wanted, own=wanted.id, moving=[label], url="https://a.example", function=None)


def test_a_newer_one_is_faster(platform, meanwhile):
    """The older one is superseded then, and takes no label."""
    first, second = deploying(platform, "x1"), deploying(platform, "x2")
    meanwhile(lambda other: go_live(other, second))
    assert go_live(platform, first).state is State.SUPERSEDED
    assert platform.shown() == {"shop": "x2", "x2": "x2"}


def test_an_older_one_is_faster(platform, meanwhile):
    """The newer one takes its labels over."""
    first, second = deploying(platform, "x1"), deploying(platform, "x2")
    meanwhile(lambda other: go_live(other, first))
    assert go_live(platform, second).state is State.READY
    assert platform.shown() == {"shop": "x2", "x1": "x1", "x2": "x2"}


def test_a_cancellation_is_faster(platform, meanwhile):
    """What was canceled takes no label."""
    first = deploying(platform, "x1")
    meanwhile(lambda other: other.store.advance(first, State.CANCELED))
    with pytest.raises(ConflictError, match="canceled"):
        go_live(platform, first)
    assert platform.shown() == {}


def test_the_same_step_is_faster_elsewhere(platform, meanwhile):
    """The event came twice: both are told the same, and one change is told."""
    first = deploying(platform, "x1")
    lived = []
    meanwhile(lambda other: lived.append(go_live(other, first)))
    assert [go_live(platform, first)] == lived
    assert [event.id for event in platform.bus.published].count("x1-4") == 1


def test_another_project_is_faster(platform, meanwhile):
    """A label that somebody else has taken is not taken away."""
    platform.deliver("d2", projects=[project(2, "other")])
    first, foreign = deploying(platform, "x1"), deploying(platform, "y1", "p2")
    meanwhile(lambda other: go_live(other, foreign, "wanted"))
    with pytest.raises(ConflictError, match="another project"):
        go_live(platform, first, "wanted")
    assert platform.shown() == {"wanted": "y1", "y1": "y1"}


def test_the_project_is_deleted(platform, meanwhile):
    """Nothing of it is left behind by those who were at work on it."""
    lives, waits = deploying(platform, "x1"), deploying(platform, "x2")
    go_live(platform, lives)
    before = platform.clock() + timedelta(hours=1)
    meanwhile(lambda other: other.store.delete_project("p1"))
    with pytest.raises(MissingError):
        go_live(platform, waits)
    with pytest.raises(MissingError):
        platform.store.add_claim(Claim("aa", "x2", before))
    with pytest.raises(SpentError):
        platform.store.spend_claim("aa")
    platform.store.forget_remains("p1")
    left = {key.split("#")[0] for key in platform.items()}
    assert left == {"DELIVERY", "REPOSITORY"}


def test_the_project_is_deleted_before_its_rollback(platform, meanwhile):
    """There is no label to be moved any more."""
    first, second = deploying(platform, "x1"), deploying(platform, "x2")
    live = go_live(platform, first)
    go_live(platform, second)
    meanwhile(lambda other: other.store.delete_project("p1"))
    with pytest.raises(MissingError):
        platform.store.move_alias("shop", live)
    assert platform.shown() == {}


def test_a_rollback_meets_a_deployment_that_goes_live(platform, meanwhile):
    """Both hold: the label shows what the person wanted, and what is newest is remembered."""
    first, second = deploying(platform, "x1"), deploying(platform, "x2")
    live = go_live(platform, first)
    meanwhile(lambda other: go_live(other, second))
    assert platform.store.move_alias("shop", live).newest == 2
    assert platform.shown()["shop"] == "x1"


def test_a_project_deleted_half_way(platform):
    """While another process deletes it, a deployment that is still there cannot go live and leave its labels."""
    waits = deploying(platform, "x1")
    other = platform.another()

    def publish() -> None:
        with pytest.raises(MissingError):
            go_live(platform, waits)

    other.client.before["transact_write_items"] += [lambda: None, publish]
    other.store.delete_project("p1")
    assert platform.shown() == {}
    assert platform.store.deployments() == []
