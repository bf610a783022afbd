"""The order of a whole deployment, and what is said when something in it fails."""

from dataclasses import replace

import pytest
from aws.audience import Listener

from battleshiper.infra.aws.operation.error import OperationError
from battleshiper.infra.aws.operation.rollout import Outcome, Rollout, State
from battleshiper.infra.aws.operation.stacks.series import Deployed, Outputs
from battleshiper.infra.aws.stack.options import Options

OPTIONS = Options("ship.example.org", "example-sites.net", "1", "eu-central-1")


class Before:
    """Brings a certificate for the platform."""

    def __init__(self, title: str, failure: Exception | None = None) -> None:
        self.title = title
        self._failure = failure

    def do(self, options, tell) -> Options:
        if self._failure:
            raise self._failure
        tell(f"  {options.platform_certificate or 'none'}")
        return replace(options, platform_certificate=f"{options.platform_certificate}+{self.title}")


class After:
    """Says what it sees of the outputs."""

    def __init__(self, title: str, *, ends: bool = True, failure: Exception | None = None) -> None:
        self.title = title
        self._ends = ends
        self._failure = failure

    def do(self, outputs, tell) -> bool:
        tell(f"  {outputs['Url']}")
        if self._failure:
            raise self._failure
        return self._ends


class Stage:
    """What a deployment is played with."""

    def __init__(self, before=(), after=()) -> None:
        self.audience = Listener()
        self.rollout = Rollout(before, self._plan, self._deploy, after, self.audience)

    def run(self) -> Outcome:
        return self.rollout.run(OPTIONS)

    def _plan(self, options):
        self.audience.tell(f"  plan with {options.platform_certificate}")
        return ["stack"]

    def _deploy(self, stacks) -> Deployed:
        self.audience.tell(f"  deploy {stacks}")
        return Deployed((), Outputs(Url="https://ship.example.org"))


def test_one_thing_after_the_other() -> None:
    """Each step gives its options to the next and to the templates; those after know what the stacks tell."""
    stage = Stage([Before("A"), Before("B")], [After("C"), After("D", ends=False), After("E")])
    outcome = stage.run()
    assert stage.audience.said == [
        *("# A", "  none", "# B", "  +A"),
        *("# Stacks", "  plan with +A+B", "  deploy ['stack']"),
        *("# C", "  https://ship.example.org", "# D", "  https://ship.example.org"),
        *("# E", "  https://ship.example.org"),
    ]
    assert [(step.title, step.state, step.told) for step in outcome.steps] == [
        ("C", State.DONE, ("  https://ship.example.org",)),
        ("D", State.YOURS, ("  https://ship.example.org",)),
        ("E", State.DONE, ("  https://ship.example.org",)),
    ]
    assert outcome.failure is None


def test_nothing_is_deployed_after_a_failure_before() -> None:
    """What cannot be prepared ends it, before any template is made."""
    stage = Stage([Before("A", OperationError("no")), Before("B")], [After("C")])
    with pytest.raises(OperationError, match="no"):
        stage.run()
    assert stage.audience.said == ["# A"]


def test_a_step_after_that_fails() -> None:
    """The stacks are there: the outcome has them, what is done, why it failed and what was not begun."""
    failure = OperationError("no builder", "Ask for one.")
    outcome = Stage((), [After("C"), After("D", failure=failure), After("E")]).run()
    assert outcome.failure is failure
    assert outcome.stacks.outputs == {"Url": "https://ship.example.org"}
    assert [(step.state, bool(step.told)) for step in outcome.steps] == [
        (State.DONE, True),
        (State.FAILED, True),
        (State.NOT_BEGUN, False),
    ]
    assert outcome.titles(State.FAILED, State.NOT_BEGUN) == ("D", "E")


def test_an_interruption_is_no_failure() -> None:
    """Ctrl-C ends the command, whatever step it is in."""
    with pytest.raises(KeyboardInterrupt):
        Stage((), [After("C", failure=KeyboardInterrupt())]).run()
