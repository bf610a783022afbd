"""What tells the operator how the platform is, and by which everything of it is found."""

import json

from battleshiper.infra.aws.metrics import NAMESPACE, Metric
from battleshiper.infra.aws.stack.pipeline import STEPS
from battleshiper.infra.aws.stack.shapes import FunctionName

UNTAGGED = {
    # These have no tags.
    "AWS::ApiGatewayV2::Integration",
    "AWS::ApiGatewayV2::Route",
    "AWS::CloudFront::CachePolicy",
    "AWS::CloudFront::OriginAccessControl",
    "AWS::CloudFront::ResponseHeadersPolicy",
    "AWS::EC2::Route",
    "AWS::EC2::SubnetRouteTableAssociation",
    "AWS::EC2::VPCGatewayAttachment",
    "AWS::IAM::Policy",
    "AWS::Lambda::Alias",
    "AWS::Lambda::Permission",
    "AWS::Lambda::Url",
    "AWS::Lambda::Version",
    "AWS::S3::BucketPolicy",
    "AWS::SNS::Subscription",
    "AWS::SNS::TopicPolicy",
    "AWS::SQS::QueuePolicy",
}
TAG = {"Key": "application", "Value": "battleshiper"}


def metrics(alarm: dict) -> set[tuple[str, str]]:
    """Return the metrics that an alarm looks at."""
    stats = [each["MetricStat"]["Metric"] for each in alarm.get("Metrics", []) if "MetricStat" in each]
    return {(each["Namespace"], each["MetricName"]) for each in stats or [alarm]}


def alarms_on(template, *looked_at: tuple[str, str]) -> list[dict]:
    """Return the alarms that look at exactly these metrics."""
    return [each for each in template.of_type("AWS::CloudWatch::Alarm").values() if metrics(each) == set(looked_at)]


def test_every_kind_of_trouble_has_an_alarm(template) -> None:
    """Functions that fail, queues whose head waits, dead letters, and what only the platform itself can tell."""
    errors = alarms_on(template, ("AWS/Lambda", "Errors"), ("AWS/Lambda", "Invocations"))
    waiting = alarms_on(template, ("AWS/SQS", "ApproximateAgeOfOldestMessage"))
    dead = alarms_on(template, ("AWS/SQS", "ApproximateNumberOfMessagesVisible"))
    own = [alarm for metric in Metric for alarm in alarms_on(template, (NAMESPACE, metric.value))]
    assert (len(errors), len(waiting), len(own)) == (len(FunctionName), len(STEPS), len(Metric))
    assert len(dead) == len(STEPS) + 1
    assert all(alarm["Threshold"] == 0 for alarm in dead)
    everything = [*errors, *waiting, *dead, *own]
    assert len(everything) == len(template.of_type("AWS::CloudWatch::Alarm"))
    assert all(alarm["AlarmDescription"].endswith(".") for alarm in everything)


def test_the_operator_is_told(template) -> None:
    """Alarms and the budget go to the same address: at 80 % of the month's money, and when it will not do."""
    (subscription,) = template.of_type("AWS::SNS::Subscription").values()
    assert (subscription["Protocol"], subscription["Endpoint"]) == ("email", "operator@example.com")
    (budget,) = template.of_type("AWS::Budgets::Budget").values()
    assert budget["Budget"]["BudgetLimit"] == {"Amount": 100, "Unit": "USD"}
    assert budget["Budget"]["TimeUnit"] == "MONTHLY"
    told = budget["NotificationsWithSubscribers"]
    kinds = {(each["Notification"]["NotificationType"], each["Notification"]["Threshold"]) for each in told}
    assert kinds == {("ACTUAL", 80), ("FORECASTED", 100)}
    assert all(
        each["Subscribers"] == [{"Address": "operator@example.com", "SubscriptionType": "EMAIL"}] for each in told
    )


def test_the_dashboard_shows_what_the_platform_tells(template) -> None:
    """Each of its own metrics has a graph."""
    (dashboard,) = template.of_type("AWS::CloudWatch::Dashboard").values()
    body = json.dumps(dashboard["DashboardBody"])
    for metric in Metric:
        assert metric.value in body


def test_everything_is_tagged(template) -> None:
    """What costs money is found by its tag; what has none is of a kind that cannot have any."""
    untagged = {
        each["Type"]
        for each in template.resources.values()
        if TAG not in tags(each["Properties"].get("Tags"), each["Properties"].get("ResourceTags"))
    }
    assert untagged == UNTAGGED


def tags(*given: object) -> list[object]:
    """Return tags, which stand in a list or by name."""
    found: list[object] = []
    for each in given:
        if isinstance(each, dict):
            found += [{"Key": key, "Value": value} for key, value in each.items()]
        elif isinstance(each, list):
            found += each
    return found
