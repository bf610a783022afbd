"""Keeps the functions that people wait for from falling asleep."""

from collections.abc import Iterable

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from battleshiper.infra.aws.stack.function import PythonFunction


class Waking(Construct):
    """Calls them once a day with nothing, which they refuse. The snapshot of a version that nobody has called for two
    weeks is given up, and who calls then is refused until there is a new one
    (https://docs.aws.amazon.com/lambda/latest/dg/snapstart-troubleshooting.html)."""

    def __init__(
        self, scope: Construct, id: str, *, functions: Iterable[PythonFunction], dead_letters: sqs.IQueue
    ) -> None:
        super().__init__(scope, id)
        events.Rule(
            self,
            "Rule",
            schedule=events.Schedule.rate(Duration.days(1)),
            targets=[
                targets.LambdaFunction(
                    function.target,
                    event=events.RuleTargetInput.from_object({"headers": {}}),
                    dead_letter_queue=dead_letters,
                    retry_attempts=2,
                )
                for function in functions
            ],
        )
