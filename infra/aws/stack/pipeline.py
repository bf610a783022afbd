"""The pipeline: the bus, and for every step a rule, a queue and a function."""

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from battleshiper.infra.aws.stack.acceptance import accept
from battleshiper.infra.aws.stack.builds import Queues
from battleshiper.infra.aws.stack.function import Functions
from battleshiper.infra.aws.stack.shapes import SHAPES, FunctionName
from battleshiper.infra.aws.variables import Variable
from battleshiper.platform.model.event import EventType

STEPS = {
    EventType.INIT: FunctionName.INIT,
    EventType.BUILD: FunctionName.BUILD,
    EventType.DEPLOY: FunctionName.DEPLOY,
    EventType.DELETE: FunctionName.DELETE,
    EventType.SETTLE: FunctionName.SETTLE,
    EventType.DEPLOYMENT_CHANGED: FunctionName.REPORT,
    EventType.PULL_CHANGED: FunctionName.COMMENT,
    EventType.COMMAND: FunctionName.COMMAND,
}
SOURCE = "battleshiper"
_DEAD_LETTER_DAYS = 14
_VISIBILITY = 6
"""How many times a function's time a message stays hidden
(https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html)."""
_RECEIVES = 5
"""How often a message is taken whose function dies. What a step itself fails at, it counts by itself."""
_TRIES = 185
"""EventBridge's most."""


class Pipeline(Construct):
    """Events of the bus come to their step's function at least once, whatever fails on the way."""

    def __init__(self, scope: Construct, id: str, *, bus: events.EventBus) -> None:
        super().__init__(scope, id)
        self.bus = bus
        self.undelivered = self._make_queue("Undelivered")
        accept(self.undelivered, "AwsSolutions-SQS3", "It is the dead-letter queue of the rules.")
        self.queues: dict[FunctionName, sqs.Queue] = {}
        self.dead_letters: dict[str, sqs.Queue] = {"undelivered": self.undelivered}

    def add_steps(self, functions: Functions, also: Mapping[FunctionName, Mapping[Variable, str]]) -> None:
        """Add every step; `also` is what some functions are told besides."""
        for event_type, name in STEPS.items():
            queue = self._add_queue(name)
            self._add_rule(f"{name.capitalize()}Rule", queue, self.bus, _pattern(event_type))
            told = {Variable.QUEUE_URL: queue.queue_url, **also.get(name, {})}
            step = functions.make(self, name, told)
            source = lambda_.EventSourceMapping(
                self,
                f"{name.capitalize()}Source",
                target=step.function,
                event_source_arn=queue.queue_arn,
                batch_size=SHAPES[name].at_once,
                report_batch_item_failures=True,
            )
            source.node.add_dependency(step.role)

    def add_job_ends(self, queues: Queues) -> None:
        """Have Batch tell the deploy step of every job that has ended. AWS's own events come to the default bus."""
        pattern = events.EventPattern(
            source=["aws.batch"],
            detail_type=["Batch Job State Change"],
            detail={
                "jobQueue": [queues.spot.attr_job_queue_arn, queues.on_demand.attr_job_queue_arn],
                "status": ["SUCCEEDED", "FAILED"],
            },
        )
        self._add_rule("JobEndRule", self.queues[FunctionName.DEPLOY], None, pattern)

    def add_sweeper(self, functions: Functions) -> None:
        """Sweep once a minute."""
        sweeper = functions.make(self, FunctionName.SWEEP)
        rule = events.Rule(self, "SweepRule", schedule=events.Schedule.rate(Duration.minutes(1)))
        rule.add_target(
            targets.LambdaFunction(
                sweeper.function,
                dead_letter_queue=self.undelivered,
                # The next one is as good.
                retry_attempts=0,
                max_event_age=Duration.minutes(1),
            )
        )

    def _add_rule(self, id: str, queue: sqs.Queue, bus: events.IEventBus | None, pattern: events.EventPattern) -> None:
        events.Rule(
            self,
            id,
            event_bus=bus,
            event_pattern=pattern,
            targets=[
                targets.SqsQueue(
                    queue,
                    dead_letter_queue=self.undelivered,
                    retry_attempts=_TRIES,
                    max_event_age=Duration.hours(24),
                )
            ],
        )

    def _add_queue(self, name: FunctionName) -> sqs.Queue:
        dead_letters = self._make_queue(f"{name.capitalize()}DeadLetters")
        self.dead_letters[name] = dead_letters
        self.queues[name] = self._make_queue(
            f"{name.capitalize()}Queue",
            visibility_timeout=Duration.seconds(_VISIBILITY * SHAPES[name].seconds),
            dead_letter_queue=sqs.DeadLetterQueue(queue=dead_letters, max_receive_count=_RECEIVES),
        )
        return self.queues[name]

    def _make_queue(
        self,
        id: str,
        visibility_timeout: Duration | None = None,
        dead_letter_queue: sqs.DeadLetterQueue | None = None,
    ) -> sqs.Queue:
        return sqs.Queue(
            self,
            id,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=Duration.days(_DEAD_LETTER_DAYS),
            visibility_timeout=visibility_timeout,
            dead_letter_queue=dead_letter_queue,
        )


def _pattern(event_type: EventType) -> events.EventPattern:
    return events.EventPattern(source=[SOURCE], detail_type=[event_type.value])
