"""What others can reach, what is lost with what, and what is kept how long."""

import json

from battleshiper.infra.aws.stack.pipeline import STEPS
from battleshiper.infra.aws.stack.shapes import SHAPES, FunctionName

DATA = ("AWS::DynamoDB::Table", "AWS::SecretsManager::Secret")


def test_no_bucket_is_public(template) -> None:
    """Every bucket refuses public access, is encrypted, and is asked by HTTPS alone."""
    buckets = template.of_type("AWS::S3::Bucket")
    assert len(buckets) == 4
    for name, bucket in buckets.items():
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}, name
        assert bucket["BucketEncryption"], name
    policies = [json.dumps(each["PolicyDocument"]) for each in template.of_type("AWS::S3::BucketPolicy").values()]
    assert len(policies) == 4
    assert all('"aws:SecureTransport": "false"' in policy for policy in policies)


def test_sites_are_read_by_one_distribution(template) -> None:
    """CloudFront reads sites and no records, and only on behalf of the sites' distribution."""
    (policy,) = (
        each["PolicyDocument"]["Statement"]
        for each in template.of_type("AWS::S3::BucketPolicy").values()
        if "DataSites" in json.dumps(each["Bucket"])
    )
    allowed = [each for each in policy if each["Effect"] == "Allow" and "cloudfront" in json.dumps(each["Principal"])]
    assert {each["Action"] for each in allowed} == {"s3:GetObject", "s3:ListBucket"}
    for statement in allowed:
        assert "SitesDistribution" in json.dumps(statement["Condition"]["StringEquals"]["AWS:SourceArn"])
    (read,) = (each for each in allowed if each["Action"] == "s3:GetObject")
    assert json.dumps(read["Resource"]).endswith('"/sites/*"]]}')


def test_only_the_router_has_an_open_address(template) -> None:
    """One function has a URL of its own, which its secret guards; nothing else lets everybody call it."""
    (url,) = template.of_type("AWS::Lambda::Url").values()
    assert "Router" in json.dumps(url["TargetFunctionArn"])
    opened = [each for each in template.of_type("AWS::Lambda::Permission").values() if each["Principal"] == "*"]
    assert opened
    for permission in opened:
        assert "Router" in json.dumps(permission["FunctionName"])
        assert permission.get("FunctionUrlAuthType") == "NONE" or permission.get("InvokedViaFunctionUrl") is True


def test_origins_are_told_the_secret_and_no_template_has_it(template) -> None:
    """Both origins of code get the header, whose value CloudFormation fetches when it deploys."""
    text = json.dumps(list(template.of_type("AWS::CloudFront::Distribution").values()))
    assert text.count('"HeaderName": "x-battleshiper-secret"') == 2
    assert text.count("{{resolve:secretsmanager:") == 2


def test_data_outlives_the_stack(template) -> None:
    """What cannot be made again is kept when the stack goes, and the table can be brought back to any second."""
    for name, each in template.resources.items():
        if each["Type"] in DATA or name.startswith(("DataSites4", "DataBuilds3")):
            assert each["DeletionPolicy"] == "RetainExceptOnCreate", name
    (table,) = template.of_type("AWS::DynamoDB::Table").values()
    assert table["DeletionProtectionEnabled"]
    assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]
    assert table["SSESpecification"]["SSEEnabled"]


def test_every_log_ends(template) -> None:
    """Each log group has a retention, and each function writes to one of them."""
    groups = template.of_type("AWS::Logs::LogGroup")
    assert [name for name, group in groups.items() if "RetentionInDays" not in group] == []
    for name in FunctionName:
        assert template.function(name)[1]["LoggingConfig"]["LogGroup"]["Ref"] in groups


def test_every_rule_and_queue_has_dead_letters(template) -> None:
    """No event is dropped without a trace: rules' targets retry and have a queue, and so have the steps' queues."""
    rules = template.of_type("AWS::Events::Rule")
    assert len(rules) == len(STEPS) + 3
    for rule in rules.values():
        for target in rule["Targets"]:
            assert target["DeadLetterConfig"]["Arn"]
            assert "RetryPolicy" in target
    queues = template.of_type("AWS::SQS::Queue")
    without = {name for name, queue in queues.items() if "RedrivePolicy" not in queue}
    assert all("DeadLetters" in name or "Undelivered" in name for name in without)
    assert all(queue["SqsManagedSseEnabled"] for queue in queues.values())


def test_messages_stay_hidden_long_enough(template) -> None:
    """A queue hides a message for six times its function's time, and failures are told one by one."""
    sources = template.of_type("AWS::Lambda::EventSourceMapping").values()
    assert len(sources) == len(STEPS)
    queues = template.of_type("AWS::SQS::Queue")
    for name in STEPS.values():
        logical, properties = template.function(name)
        (source,) = (each for each in sources if each["FunctionName"] == {"Ref": logical})
        queue = queues[source["EventSourceArn"]["Fn::GetAtt"][0]]
        assert queue["VisibilityTimeout"] >= 6 * properties["Timeout"]
        assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_builds_reach_out_by_https_and_nobody_reaches_in(template) -> None:
    """The network of builds has no way in and no NAT, and leads to no other bucket of the region."""
    (group,) = template.of_type("AWS::EC2::SecurityGroup").values()
    assert "SecurityGroupIngress" not in group
    assert [(rule["FromPort"], rule["ToPort"]) for rule in group["SecurityGroupEgress"]] == [(443, 443)]
    assert template.of_type("AWS::EC2::NatGateway", "AWS::EC2::VPCPeeringConnection") == {}
    (endpoint,) = template.of_type("AWS::EC2::VPCEndpoint").values()
    assert {each["Action"] for each in endpoint["PolicyDocument"]["Statement"]} == {"s3:PutObject", "s3:GetObject"}
    assert template.of_type("AWS::EC2::FlowLog")


def test_who_is_waited_for_starts_from_a_snapshot(template) -> None:
    """The functions that people wait for have SnapStart and an alias, the others have neither."""
    for name in FunctionName:
        assert ("SnapStart" in template.function(name)[1]) == SHAPES[name].is_waited_for
    assert len(template.of_type("AWS::Lambda::Alias")) == 3


def test_nothing_fails_unheard(template) -> None:
    """Every function and every queue has an alarm, and each alarm goes to the operator."""
    alarms = template.of_type("AWS::CloudWatch::Alarm")
    assert all(alarm["AlarmActions"] for alarm in alarms.values())
    text = json.dumps(list(alarms.values()))
    for queue in template.of_type("AWS::SQS::Queue"):
        assert f'["{queue}", "QueueName"]' in text, queue
    for name in FunctionName:
        assert f'{{"Ref": "{template.function(name)[0]}"}}' in text, name


def test_no_snapshot_is_given_up(template) -> None:
    """Whoever people wait for is called once a day, by its alias."""
    (rule,) = (
        each
        for each in template.of_type("AWS::Events::Rule").values()
        if each.get("ScheduleExpression") == "rate(1 day)"
    )
    waited_for = [name for name in FunctionName if SHAPES[name].is_waited_for]
    assert {each["Arn"]["Ref"] for each in rule["Targets"]} == set(template.of_type("AWS::Lambda::Alias"))
    assert len(rule["Targets"]) == len(waited_for)
