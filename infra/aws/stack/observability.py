"""What tells the operator how the platform is: alarms, a dashboard, a budget."""

from collections.abc import Iterable, Mapping

from aws_cdk import Duration
from aws_cdk import aws_budgets as budgets
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from aws_cdk.aws_cloudwatch_actions import SnsAction
from constructs import Construct

from battleshiper.infra.aws.metrics import NAMESPACE, Metric
from battleshiper.infra.aws.stack.function import PythonFunction
from battleshiper.infra.aws.stack.shapes import FunctionName

_PERIOD = Duration.minutes(5)
_MOST_ERRORS_PERCENT = 5
_OLDEST_MESSAGE_SECONDS = 900
_OLDEST_DEPLOYMENT_SECONDS = 2 * 3600
_MOST_ROUTE_CONFLICTS = 100
_MISSING = cloudwatch.TreatMissingData.NOT_BREACHING


class Observability(Construct):
    """Alarms go to `email`, if there is one; they ring in the console in any case."""

    def __init__(self, scope: Construct, id: str, *, email: str) -> None:
        super().__init__(scope, id)
        self._email = email
        self.topic = sns.Topic(self, "Alarms", display_name="Battleshiper", enforce_ssl=True)
        if email:
            self.topic.add_subscription(subscriptions.EmailSubscription(email))
        self._dashboard = cloudwatch.Dashboard(self, "Dashboard", default_interval=Duration.hours(12))

    def watch_functions(self, functions: Iterable[PythonFunction]) -> dict[FunctionName, cloudwatch.Alarm]:
        """Ring where too many runs of a function fail."""
        made = list(functions)
        self._graph("Runs", [each.function.metric_invocations(period=_PERIOD) for each in made])
        self._graph("Errors", [each.function.metric_errors(period=_PERIOD) for each in made])
        self._graph("Time (p95)", [each.function.metric_duration(period=_PERIOD, statistic="p95") for each in made])
        self._graph("Throttled", [each.function.metric_throttles(period=_PERIOD) for each in made])
        return {
            each.name: self._alarm(
                f"{each.name}Errors",
                _error_rate(each.function),
                _MOST_ERRORS_PERCENT,
                f"More than {_MOST_ERRORS_PERCENT} % of the runs of {each.name} fail; see its log.",
            )
            for each in made
        }

    def watch_queues(self, queues: Mapping[FunctionName, sqs.Queue], dead_letters: Mapping[str, sqs.Queue]) -> None:
        """Ring when a queue's head waits too long, and for each message that nobody could handle."""
        ages = {
            name: queue.metric_approximate_age_of_oldest_message(period=_PERIOD, statistic="Maximum")
            for name, queue in queues.items()
        }
        self._graph("Oldest message (s)", list(ages.values()))
        for name, age in ages.items():
            text = f"Events of the step {name} wait for more than {_OLDEST_MESSAGE_SECONDS // 60} minutes."
            self._alarm(f"{name}Waits", age, _OLDEST_MESSAGE_SECONDS, text)
        lost = {
            name: queue.metric_approximate_number_of_messages_visible(period=_PERIOD, statistic="Maximum")
            for name, queue in dead_letters.items()
        }
        self._graph("Dead letters", list(lost.values()))
        for what, count in lost.items():
            self._alarm(f"{what}DeadLetters", count, 0, f"An event for {what} could not be handled; see its queue.")

    def watch_platform(self) -> None:
        """Ring for what only the platform itself can tell."""
        stuck = _own(Metric.OLDEST_UNFINISHED, "Maximum")
        conflicts = _own(Metric.ROUTE_CONFLICTS, "Sum")
        self._graph("Oldest unfinished deployment (s)", [stuck])
        self._graph("Writers of routes in each other's way", [conflicts])
        hours = _OLDEST_DEPLOYMENT_SECONDS // 3600
        self._alarm("Stuck", stuck, _OLDEST_DEPLOYMENT_SECONDS, f"A deployment is unfinished after {hours} hours.")
        self._alarm(
            "RouteConflicts", conflicts, _MOST_ROUTE_CONFLICTS, "Routes are written more often than their store takes."
        )

    def limit_costs(self, monthly_usd: int) -> None:
        """Tell when the account's month costs, or is about to cost, more than it should."""
        notice = budgets.CfnBudget.NotificationWithSubscribersProperty
        to = [budgets.CfnBudget.SubscriberProperty(address=self._email, subscription_type="EMAIL")]
        budgets.CfnBudget(
            self,
            "Budget",
            budget=budgets.CfnBudget.BudgetDataProperty(
                budget_type="COST",
                time_unit="MONTHLY",
                budget_limit=budgets.CfnBudget.SpendProperty(amount=monthly_usd, unit="USD"),
            ),
            notifications_with_subscribers=[
                notice(
                    notification=budgets.CfnBudget.NotificationProperty(
                        notification_type=kind, comparison_operator="GREATER_THAN", threshold=percent
                    ),
                    subscribers=to,
                )
                for kind, percent in (("ACTUAL", 80), ("FORECASTED", 100))
            ]
            if self._email
            else None,
        )

    def _alarm(self, id: str, metric: cloudwatch.IMetric, above: float, text: str) -> cloudwatch.Alarm:
        alarm = cloudwatch.Alarm(
            self,
            id[0].upper() + id[1:],
            metric=metric,
            threshold=above,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            treat_missing_data=_MISSING,
            alarm_description=text,
        )
        alarm.add_alarm_action(SnsAction(self.topic))
        return alarm

    def _graph(self, title: str, metrics: list[cloudwatch.Metric]) -> None:
        self._dashboard.add_widgets(cloudwatch.GraphWidget(title=title, left=metrics, width=12))


def _error_rate(function: lambda_.Function) -> cloudwatch.MathExpression:
    return cloudwatch.MathExpression(
        expression="100 * errors / MAX([errors, runs])",
        label="errors (%)",
        period=_PERIOD,
        using_metrics={"errors": function.metric_errors(), "runs": function.metric_invocations()},
    )


def _own(metric: Metric, statistic: str) -> cloudwatch.Metric:
    return cloudwatch.Metric(namespace=NAMESPACE, metric_name=metric.value, statistic=statistic, period=_PERIOD)
