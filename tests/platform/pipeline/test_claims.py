"""Claims: once, in time, and for a deployment that is still to be built."""

from datetime import timedelta

import pytest

from battleshiper.platform.model.deployment import State
from battleshiper.platform.pipeline.claim_issue import CLAIM_LIFETIME
from battleshiper.platform.pipeline.claims import ClaimRefusedError
from battleshiper.platform.pipeline.places import build_prefix
from battleshiper.platform.source.port import SourceError

REPOSITORY_ID = 7
SHA = "a" * 40


def test_instructions(world) -> None:
    """A claim is answered with the exact commit, a token for its one repository, and leave to upload there only."""
    deployment, _ = world.push()
    instructions = world.claims.spend(world.claims.issue(deployment.id))
    assert instructions.source.sha == SHA
    assert instructions.source.token == f"token-1-{REPOSITORY_ID}"
    assert instructions.uploads.prefix == build_prefix(deployment.project_id, deployment.id)
    assert world.store.deployment(deployment.id).state is State.BUILDING


def test_once(world) -> None:
    """A claim is worthless after its first use."""
    deployment, _ = world.push()
    claim = world.claims.issue(deployment.id)
    world.claims.spend(claim)
    with pytest.raises(ClaimRefusedError):
        world.claims.spend(claim)


def test_another_attempt(world) -> None:
    """A build whose machine was lost begins again with a new claim, which ends the old one."""
    deployment, _ = world.push()
    first = world.claims.issue(deployment.id)
    second = world.claims.issue(deployment.id)
    with pytest.raises(ClaimRefusedError):
        world.claims.spend(first)
    world.claims.spend(second)
    assert world.claims.spend(world.claims.issue(deployment.id)).deployment_id == deployment.id


def test_another_attempt_of_the_same_job(world) -> None:
    """Where a machine's job is run again as it was, its claim is good once for each attempt, but for no earlier one."""
    deployment, _ = world.push()
    claim = world.claims.issue(deployment.id, attempts=2)
    world.claims.spend(claim, 2)
    for attempt in (1, 2, 3):
        with pytest.raises(ClaimRefusedError):
            world.claims.spend(claim, attempt)


def test_another_attempt_begins_with_nothing(world) -> None:
    """What a lost attempt has uploaded is gone when the next one begins, and other builds' uploads stay."""
    lost, other = world.build(), world.build("b" * 40, "feature")
    for deployment in (lost, other):
        world.upload(deployment, {"client/index.html": b"x"})
    world.claims.spend(world.claims.issue(lost.id))
    assert {info.key.split("/")[2] for info in world.objects.list("builds/")} == {other.id}


def test_too_old(world) -> None:
    """A claim that nobody spent in its lifetime is refused."""
    deployment, _ = world.push()
    claim = world.claims.issue(deployment.id)
    world.now += CLAIM_LIFETIME + timedelta(seconds=1)
    with pytest.raises(ClaimRefusedError):
        world.claims.spend(claim)


def test_ended_deployment(world) -> None:
    """A canceled deployment's claim gives no token."""
    deployment, _ = world.push()
    claim = world.claims.issue(deployment.id)
    world.operations.cancel("site", deployment.id)
    with pytest.raises(ClaimRefusedError, match="canceled"):
        world.claims.spend(claim)
    assert world.source.tokens == []


@pytest.mark.parametrize("claim", ["", "x", "💥" * 100])
def test_unknown(world, claim: str) -> None:
    """What we did not issue is refused."""
    with pytest.raises(ClaimRefusedError):
        world.claims.spend(claim)


def test_github_is_down(world) -> None:
    """While GitHub gives no token there are no instructions, and the claim stays good."""
    deployment, _ = world.push()
    claim = world.claims.issue(deployment.id)
    world.source.down = True
    with pytest.raises(SourceError):
        world.claims.spend(claim)
    world.source.down = False
    assert world.claims.spend(claim).deployment_id == deployment.id
    with pytest.raises(ClaimRefusedError):
        world.claims.spend(claim)


def test_github_refuses(world) -> None:
    """When GitHub gives no token for good the deployment fails with GitHub's reason."""
    deployment, _ = world.push()
    world.source.repositories.clear()
    with pytest.raises(ClaimRefusedError):
        world.claims.spend(world.claims.issue(deployment.id))
    ended = world.store.deployment(deployment.id)
    assert (ended.state, ended.reason) == (State.FAILED, "There is no such repository.")
