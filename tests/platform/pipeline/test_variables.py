"""What builds are told besides their files."""

from dataclasses import replace

import pytest

from battleshiper.platform.model.deployment import State
from battleshiper.platform.model.pull_request import outside_branch
from battleshiper.platform.model.variable import MAX_VARIABLES, VariableRefusedError
from battleshiper.platform.pipeline.claims import ClaimRefusedError
from battleshiper.platform.secrets.port import SecretsError
from battleshiper.platform.store.port import MissingError


def told(world, sha: str, branch: str = "main") -> dict[str, str]:
    """Return what a new build of a branch is told, and check that all of it is masked in its log."""
    deployment = world.build(sha, branch)
    instructions = world.claims.spend(world.claims.issue(deployment.id))
    assert set(instructions.secrets) == set(instructions.variables.values())
    return instructions.variables


def test_a_build_is_told(world) -> None:
    """What is for it, and nothing that is for others; a fork's is told nothing."""
    world.project()
    for name, scope, value in (
        ("A", "production", "one"),
        ("A", "preview", "two"),
        ("A", "branch:next", "three"),
        ("B", "preview", "four"),
    ):
        world.variables.set("site", name, scope, value)
    assert told(world, "a" * 40) == {"A": "one"}
    assert told(world, "b" * 40, "next") == {"A": "three", "B": "four"}
    assert told(world, "c" * 40, "other") == {"A": "two", "B": "four"}
    assert told(world, "d" * 40, outside_branch(4)) == {}
    assert world.variables.remove("site", "A", "branch:next")
    assert told(world, "e" * 40, "next") == {"A": "two", "B": "four"}


def test_a_sealed_value_of_another(world) -> None:
    """Who moves a sealed value to another name, by way of the database, has it opened for nobody: the build fails and
    says what to do."""
    world.project()
    world.variables.set("site", "A", "production", "one")
    (kept,) = world.store.variables(world.project().id)
    world.store.keep_variable(world.project().id, replace(kept, name="B"))
    with pytest.raises(ClaimRefusedError, match="set the variable again"):
        world.build()
    (deployment,) = world.store.deployments()
    assert (deployment.state, "set the variable again" in deployment.reason) == (State.FAILED, True)


def test_while_the_key_cannot_be_read(world) -> None:
    """The claim is good for another try, and the deployment goes on."""
    world.project()
    world.variables.set("site", "A", "production", "one")
    deployment, request = world.push()
    world.building.build(request)
    claim = world.claims.issue(deployment.id)

    def fail() -> str:
        raise SecretsError("It cannot be read now.")

    kept, world.variables._seal._read_key = world.variables._seal._read_key, fail
    with pytest.raises(SecretsError, match="now"):
        world.claims.spend(claim)
    world.variables._seal._read_key = kept
    assert world.claims.spend(claim).variables == {"A": "one"}


def test_as_many_as_there_may_be(world) -> None:
    """One more is refused, and another value for one that is there is not."""
    world.project()
    for number in range(MAX_VARIABLES):
        world.variables.set("site", f"A{number}", "production", "")
    with pytest.raises(VariableRefusedError, match="as many as it may have"):
        world.variables.set("site", "B", "production", "")
    world.variables.set("site", "A0", "production", "new")
    with pytest.raises(MissingError):
        world.variables.set("none", "A", "production", "")
