"""What happens in a stack, followed."""

from aws.fake_cloudformation import CREATED, ID, FakeCloudFormation

from battleshiper.infra.aws.operation.stacks.events import Follower


def followed(cloudformation: FakeCloudFormation, since: str | None) -> list[str]:
    """Return what is seen until the end."""
    follower = Follower(cloudformation, cloudformation.pause)
    return [f"{event.resource} {event.status}" for event in follower.follow(ID, since)]


def test_what_comes_after_an_event() -> None:
    """What happened before is not told again, and the end of it ends the following."""
    cloudformation = FakeCloudFormation(past=CREATED)
    since = Follower(cloudformation).newest(ID)
    cloudformation.goes_on(
        ("stack", "UPDATE_IN_PROGRESS"),
        ("Table", "UPDATE_COMPLETE"),
        ("stack", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"),
        ("stack", "UPDATE_COMPLETE"),
        ("stack", "DELETE_IN_PROGRESS"),
    )
    assert followed(cloudformation, since) == [
        "Battleshiper UPDATE_IN_PROGRESS",
        "Table UPDATE_COMPLETE",
        "Battleshiper UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        "Battleshiper UPDATE_COMPLETE",
    ]


def test_what_goes_on_is_followed_from_its_beginning() -> None:
    """Somebody who comes later learns what was done already."""
    begun = (("stack", "UPDATE_IN_PROGRESS"), ("Table", "UPDATE_IN_PROGRESS"))
    cloudformation = FakeCloudFormation(past=(*CREATED, *begun))
    cloudformation.goes_on(("Table", "UPDATE_COMPLETE"), ("stack", "UPDATE_COMPLETE"))
    assert followed(cloudformation, None) == [
        "Battleshiper UPDATE_IN_PROGRESS",
        "Table UPDATE_IN_PROGRESS",
        "Table UPDATE_COMPLETE",
        "Battleshiper UPDATE_COMPLETE",
    ]


def test_what_has_ended_meanwhile() -> None:
    """Somebody who comes too late learns how it ended, and waits for nothing."""
    assert followed(FakeCloudFormation(past=CREATED), None) == ["Battleshiper CREATE_COMPLETE"]
