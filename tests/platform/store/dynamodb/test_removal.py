"""What others do while a project is deleted."""

from aws.dynamo_platform import deployment, project

from battleshiper.platform.model.deployment import State


def test_a_deployment_that_ends_meanwhile(platform):
    """What is told of it is how it was when it went."""
    made = platform.store.create_deployment(deployment("x1"))
    other = platform.another()
    platform.client.before["transact_write_items"] += [
        lambda: None,  # the project's own row
        lambda: None,  # its labels
        lambda: other.store.advance(made, State.CANCELED),
    ]
    platform.store.delete_project("p1")
    (remains,) = platform.store.remains()
    assert (remains.finished, remains.unfinished) == (("x1",), ())


def test_a_project_that_is_asked_for_again_meanwhile(platform):
    """It was not created because it was there; it is gone now, so it is created."""
    other = platform.another()
    platform.client.before["transact_write_items"].append(lambda: other.store.delete_project("p1"))
    platform.deliver("d1", projects=[project(1, "shop", id="again")])
    assert [each.id for each in platform.store.projects()] == ["again"]


def test_two_that_delete_it_at_once(platform):
    """Both end, and what remains is told once."""
    for number in range(3):
        platform.deliver(f"d{number + 1}", deployments=[deployment(f"x{number}{each}") for each in range(10)])
    other = platform.another()
    platform.client.before["transact_write_items"] += [
        lambda: None,
        lambda: None,
        lambda: other.store.delete_project("p1"),
    ]
    platform.store.delete_project("p1")
    (remains,) = platform.store.remains()
    assert len(remains.unfinished) == 30
    assert platform.store.deployments() == platform.store.unfinished() == []
