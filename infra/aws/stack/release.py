"""How a new version of the platform's pages takes over: assets first, then the requests, then the old assets go."""

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_codedeploy as codedeploy
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from battleshiper.infra.aws.stack.acceptance import accept, accept_wildcard
from battleshiper.infra.aws.stack.function import PythonFunction
from battleshiper.infra.aws.stack.roles import allow, service_role


class Release(Construct):
    """CodeDeploy moves the alias of `web` to a new version when `before` has succeeded, and back when `alarm` rings."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        web: PythonFunction,
        before: PythonFunction,
        after: PythonFunction,
        alarm: cloudwatch.IAlarm,
    ) -> None:
        super().__init__(scope, id)
        role = service_role(self, "Role", "codedeploy", "Moves the alias of the web function")
        alias = web.target
        assert isinstance(alias, lambda_.Alias)  # noqa: S101 - people wait for it, so it has one
        # As AWS's own policy for it has them
        # (https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCodeDeployRoleForLambdaLimited.html).
        allow(role, ["lambda:GetAlias", "lambda:UpdateAlias"], web.function.function_arn)
        versions = f"{web.function.function_arn}:*"
        allow(role, ["lambda:GetProvisionedConcurrencyConfig"], web.function.function_arn, versions)
        accept_wildcard(role, versions, "It asks about the version that is to come, which has no number yet.")
        allow(role, ["lambda:InvokeFunction"], before.function.function_arn, after.function.function_arn)
        allow(role, ["cloudwatch:DescribeAlarms"], "*")
        accept(role, "AwsSolutions-IAM5[Resource::*]", "cloudwatch:DescribeAlarms knows no single alarms.")
        self.group = codedeploy.LambdaDeploymentGroup(
            self,
            "Group",
            alias=alias,
            deployment_config=codedeploy.LambdaDeploymentConfig.ALL_AT_ONCE,
            role=role.without_policy_updates(),
            pre_hook=before.function,
            post_hook=after.function,
            alarms=[alarm],
        )
