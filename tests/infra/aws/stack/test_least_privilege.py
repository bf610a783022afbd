"""Who may do what."""

import json

import pytest
from aws.template import listed

from battleshiper.infra.aws.stack.permissions import GRANTS, HOLDERS, grants_of
from battleshiper.infra.aws.stack.place import WILDCARDS
from battleshiper.infra.aws.stack.shapes import FunctionName

MINTING = {FunctionName.WEBHOOK, FunctionName.WEB, FunctionName.INIT, FunctionName.COMMAND, FunctionName.SWEEP}
ROTATING = {FunctionName.WEB, FunctionName.SWEEP}


def holders(template, action: str, resource: str) -> set[FunctionName]:
    """Return who may do an action with a resource whose logical id contains `resource`."""
    return {
        name
        for name in FunctionName
        if any(each == action and resource in json.dumps(where) for each, where in template.may(name))
    }


def test_the_signing_key_is_for_those_who_mint(template) -> None:
    """Nobody else reads the private ticket key, and only who rotates it writes it."""
    assert holders(template, "secretsmanager:GetSecretValue", "DataTicketKeys") == MINTING
    for action in ("PutSecretValue", "UpdateSecretVersionStage"):
        assert holders(template, f"secretsmanager:{action}", "DataTicketKeys") == ROTATING


def test_no_role_but_a_functions_reads_secrets(template) -> None:
    """Builds, sites, CodeBuild and CodeDeploy read no secret at all."""
    ours = {template.function(name)[1]["Role"]["Fn::GetAtt"][0] for name in FunctionName}
    others = set(template.of_type("AWS::IAM::Role")) - ours
    assert others
    for role in others:
        assert "secretsmanager" not in json.dumps(template.statements(role)), role


@pytest.mark.parametrize(
    ("action", "place", "expected"),
    [
        ("s3:PutObject", "/sites/*", {FunctionName.DEPLOY}),
        ("s3:PutObject", "/records/*", {FunctionName.DEPLOY}),
        ("s3:PutObject", "/builds/*", {FunctionName.WEB}),
        ("s3:PutObject", "/static/*", {FunctionName.ASSETS_BEFORE}),
        ("s3:DeleteObject", "/static/*", {FunctionName.ASSETS_AFTER}),
        ("iam:PassRole", "SiteRole", {FunctionName.DEPLOY}),
        ("lambda:CreateFunction", "", {FunctionName.DEPLOY}),
    ],
)
def test_each_prefix_has_its_writers(template, action: str, place: str, expected: set[FunctionName]) -> None:
    """Each prefix of a bucket is written by those whose work it is."""
    assert holders(template, action, place) == expected


def test_who_shows_logs_reads_them(template) -> None:
    """What sites print is read by the pages' function alone."""
    assert holders(template, "logs:FilterLogEvents", "ServerLogs") == {FunctionName.WEB}
    assert holders(template, "logs:GetLogEvents", "ServerLogs") == set()


def test_a_role_is_handed_to_lambda_alone(template) -> None:
    """The role of sites' functions cannot be given to anything else."""
    role = template.function(FunctionName.DEPLOY)[1]["Role"]["Fn::GetAtt"][0]
    (statement,) = [each for each in template.statements(role) if "iam:PassRole" in each["Action"]]
    assert statement["Condition"] == {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}


def test_builds_may_do_nothing(template) -> None:
    """The role that a build runs with has no policy of any kind."""
    (definition,) = template.of_type("AWS::Batch::JobDefinition").values()
    role = definition["ContainerProperties"]["JobRoleArn"]["Fn::GetAtt"][0]
    assert template.statements(role) == []
    assert {"Policies", "ManagedPolicyArns"} & template.of_type("AWS::IAM::Role")[role].keys() == set()


def test_sites_functions_write_their_log_and_nothing_else(template) -> None:
    """Tenants' code may write to one log group."""
    ((role, _),) = ((name, each) for name, each in template.of_type("AWS::IAM::Role").items() if "SiteRole" in name)
    (statement,) = template.statements(role)
    assert statement["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert "ServerLogs" in json.dumps(statement["Resource"])


def test_no_role_has_a_managed_policy(template) -> None:
    """What AWS grants in its own policies is more than anybody of us needs."""
    roles = template.of_type("AWS::IAM::Role")
    assert [name for name, role in roles.items() if role.get("ManagedPolicyArns")] == []


def test_no_action_is_a_pattern(template) -> None:
    """Each action is named."""
    policies = [policy["PolicyDocument"]["Statement"] for policy in template.of_type("AWS::IAM::Policy").values()]
    actions = {action for each in policies for statement in each for action in listed(statement["Action"])}
    assert [action for action in actions if "*" in action] == []


def test_every_wildcard_has_a_reason() -> None:
    """A place that is no single resource says why, and nothing else does."""
    used = {place for grants in GRANTS.values() for grant in grants for place in grant.places}
    assert set(WILDCARDS) <= used
    assert all(len(reason.split()) >= 5 for reason in WILDCARDS.values())


def test_the_table_says_what_the_template_does(template) -> None:
    """No construct has granted a function anything that is not in the table, and nothing in it was lost."""
    for name in FunctionName:
        assert template.actions(name) == {action for grant in grants_of(name) for action in grant.actions}, name
    assert set(HOLDERS) == set(FunctionName)


def test_our_functions_are_not_taken_for_sites(template) -> None:
    """The pattern of sites' functions matches no name of ours: those begin with the stack's name."""
    assert all("FunctionName" not in each for each in template.of_type("AWS::Lambda::Function").values())
    pattern = json.dumps([where for action, where in template.may(FunctionName.DEPLOY) if action.startswith("lambda:")])
    assert "function:battleshiper-??????????" in pattern
    assert '"*"' not in pattern
