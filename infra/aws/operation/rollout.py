"""The whole deployment: from an account that has nothing to a platform that answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from battleshiper.infra.aws.operation.error import OperationError
from battleshiper.infra.aws.operation.stacks.manifest import PlannedStack
from battleshiper.infra.aws.operation.stacks.series import Audience, Deployed
from battleshiper.infra.aws.operation.steps import Conclusion, Preparation
from battleshiper.infra.aws.stack.options import Options


class State(StrEnum):
    """What came of a step after the stacks."""

    DONE = "done"
    YOURS = "yours"
    """Something is left that only the operator can do; it was told what."""
    FAILED = "failed"
    NOT_BEGUN = "not begun"


@dataclass(frozen=True, slots=True)
class ConcludedStep:
    """One of the steps after the stacks, as it ended."""

    title: str
    state: State
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """A deployment whose stacks are there."""

    stacks: Deployed
    steps: tuple[ConcludedStep, ...]
    failure: OperationError | None = None
    """Why a step after the stacks failed, if one did. The stacks are as they should be all the same."""

    def titles(self, *states: State) -> tuple[str, ...]:
        """Return the steps that ended so."""
        return tuple(step.title for step in self.steps if step.state in states)


class Rollout:
    """Takes the steps before the stacks, makes the stacks, takes the steps after. Safe to repeat from any point."""

    def __init__(
        self,
        before: Sequence[Preparation],
        plan: Callable[[Options], Sequence[PlannedStack]],
        deploy: Callable[[Sequence[PlannedStack]], Deployed],
        after: Sequence[Conclusion],
        audience: Audience,
    ) -> None:
        self._before = before
        self._plan = plan
        self._deploy = deploy
        self._after = after
        self._audience = audience

    def run(self, options: Options) -> Outcome:
        """Do all of it. Raises OperationError and what the audience raises until the stacks are there, OptionsError
        where they cannot be made; what fails after that is in the outcome."""
        for step in self._before:
            self._audience.title(step.title)
            options = step.do(options, self._audience.tell)
        self._audience.title("Stacks")
        deployed = self._deploy(self._plan(options))
        steps: list[ConcludedStep] = []
        failure = None
        for conclusion in self._after:
            if failure:
                steps.append(ConcludedStep(conclusion.title, State.NOT_BEGUN))
                continue
            told: list[str] = []
            try:
                state = State.DONE if self._conclude(conclusion, deployed, told) else State.YOURS
            except OperationError as error:
                failure, state = error, State.FAILED
            steps.append(ConcludedStep(conclusion.title, state, tuple(told)))
        return Outcome(deployed, tuple(steps), failure)

    def _conclude(self, conclusion: Conclusion, deployed: Deployed, told: list[str]) -> bool:
        def tell(line: str) -> None:
            told.append(line)
            self._audience.tell(line)

        self._audience.title(conclusion.title)
        return conclusion.do(deployed.outputs, tell)
