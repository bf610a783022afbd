"""The synthesised template as the emulator takes it.

What it does not know is left out, and listed here: a resource of another kind that it does not know fails the tests.
Functions are told where AWS is; nothing else of the template is touched.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

Template = dict[str, Any]

LEFT_OUT = {
    "AWS::Batch::ComputeEnvironment": "played by the stand-in for Batch",
    "AWS::Batch::JobDefinition": "played by the stand-in for Batch",
    "AWS::Batch::JobQueue": "played by the stand-in for Batch",
    "AWS::Batch::SchedulingPolicy": "played by the stand-in for Batch",
    "AWS::Budgets::Budget": "nothing costs anything here",
    "AWS::CodeDeploy::Application": "its hooks are called by hand",
    "AWS::CodeDeploy::DeploymentGroup": "its hooks are called by hand",
    "AWS::EC2::FlowLog": "builds run on this machine",
}
"""Types of resources that the emulator does not make, and who does their work instead."""
_MISTAKEN = {
    "lambda:GetAlias": "lambda:ListAliases",
    "lambda:DeleteAlias": "lambda:ListAliases",
    "lambda:DeleteFunctionUrlConfig": "lambda:CreateFunctionUrlConfig",
}
"""For which action the emulator takes some calls of Lambda."""
_NOWHERE = ("cloudfront-keyvaluestore:", "lambda:CreateFunction")
"""Actions for which it does not see the place."""
_LOG_GROUP = "arn:aws:logs:${AWS::Region}:${AWS::AccountId}:log-group:${%s}"
"""Where it looks whether a log may be written; AWS looks at what ends in `:*`
(https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html)."""
LONGEST_SECONDS = 30
"""For how long a function may run: long enough for every step here, and tests wait for what dies."""


def adapt(template: Template, environment: Mapping[str, str], arn_of: Mapping[str, str]) -> Template:
    """Return the template without what the emulator does not make, each function told `environment` besides.

    `arn_of` names what resources are called that somebody else plays, by logical id.
    """
    adapted: Template = json.loads(json.dumps(template))
    resources: dict[str, dict[str, Any]] = adapted["Resources"]
    gone = {
        name
        for name, each in resources.items()
        if each["Type"] in LEFT_OUT or (each["Type"] == "AWS::CloudWatch::Alarm" and "Metrics" in each["Properties"])
    }
    for name in gone:
        del resources[name]
    for each in resources.values():
        each.pop("UpdatePolicy", None)  # CodeDeploy's
        waits_for = [name for name in listed(each.pop("DependsOn", [])) if name not in gone]
        if waits_for:
            each["DependsOn"] = waits_for
        if each["Type"] == "AWS::Lambda::Function":
            properties = each["Properties"]
            properties["Timeout"] = min(properties["Timeout"], LONGEST_SECONDS)
            properties["Environment"]["Variables"] |= environment
        if each["Type"] == "AWS::IAM::Policy":
            statements = each["Properties"]["PolicyDocument"]["Statement"]
            statements += [more for statement in list(statements) for more in _as_checked(statement, resources)]
        if each["Type"] == "AWS::SQS::Queue" and "VisibilityTimeout" in each["Properties"]:
            each["Properties"]["VisibilityTimeout"] = LONGEST_SECONDS
    adapted["Resources"] = _renamed(resources, gone, arn_of)
    return adapted


def listed(value: Any) -> list[Any]:
    """Return what stands alone or in a list."""
    return value if isinstance(value, list) else [value]


def _as_checked(statement: Mapping[str, Any], resources: Mapping[str, Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield what lets the same calls pass the emulator, where it looks for other actions or places than AWS."""
    actions, places = listed(statement["Action"]), listed(statement["Resource"])
    if mistaken := [_MISTAKEN[each] for each in actions if each in _MISTAKEN]:
        yield {**statement, "Action": mistaken}
    if nowhere := [each for each in actions if each.startswith(_NOWHERE)]:
        yield {**statement, "Action": nowhere, "Resource": "*"}
    named = [listed(each.get("Fn::GetAtt", ""))[0] if isinstance(each, dict) else "" for each in places]
    groups = [each for each in named if each and resources.get(each, {}).get("Type") == "AWS::Logs::LogGroup"]
    if groups:
        yield {**statement, "Resource": [{"Fn::Sub": _LOG_GROUP % each} for each in groups]}


def _renamed(value: Any, gone: set[str], arn_of: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_renamed(each, gone, arn_of) for each in value]
    if not isinstance(value, dict):
        return value
    named = value.get("Ref") or listed(value.get("Fn::GetAtt", ""))[0]
    if len(value) == 1 and named in gone:
        return arn_of.get(named, named)
    return {name: _renamed(each, gone, arn_of) for name, each in value.items()}
