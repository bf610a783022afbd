"""One Lambda function of ours: its code, its log, and a role that the permissions table alone fills."""

from collections.abc import Mapping
from pathlib import Path

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from battleshiper.infra.aws.stack.acceptance import accept
from battleshiper.infra.aws.stack.logs import log_group
from battleshiper.infra.aws.stack.roles import service_role
from battleshiper.infra.aws.stack.shapes import SHAPES, FunctionName, Package
from battleshiper.infra.aws.variables import Variable

LIVE = "live"
"""The alias that requests come to."""


class Functions:
    """Makes functions that are told the same about the platform. `packages` are zips."""

    def __init__(self, packages: Mapping[Package, Path], environment: Mapping[Variable, str], log_days: int) -> None:
        self._packages = packages
        self._environment = environment
        self._log_days = log_days
        self.made: dict[FunctionName, PythonFunction] = {}

    def make(
        self, scope: Construct, name: FunctionName, also: Mapping[Variable, str] | None = None
    ) -> "PythonFunction":
        """Make one of ours."""
        code = self._packages[SHAPES[name].package]
        environment = {**self._environment, **(also or {})}
        self.made[name] = PythonFunction(scope, name, code=code, environment=environment, log_days=self._log_days)
        return self.made[name]


class PythonFunction(Construct):
    """A function in Python on Graviton. `target` is what to call: the alias `live` of a snapshot for what people wait
    for, the function itself for all else."""

    def __init__(
        self,
        scope: Construct,
        name: FunctionName,
        *,
        code: Path,
        environment: Mapping[Variable, str],
        log_days: int,
    ) -> None:
        super().__init__(scope, "".join(part.capitalize() for part in name.split("_")))
        shape = SHAPES[name]
        self.name = name
        self.log_group = log_group(self, "Logs", f"functions/{name}", log_days)
        self.role = service_role(self, "Role", "lambda", f"{shape.purpose} ({name})")
        self.function = lambda_.Function(
            self,
            "Function",
            description=shape.purpose,
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=lambda_.Architecture.ARM_64,
            code=lambda_.Code.from_asset(str(code)),
            handler=f"battleshiper.infra.aws.handlers.{name}.handler",
            timeout=Duration.seconds(shape.seconds),
            memory_size=shape.memory_mib,
            environment={variable.value: value for variable, value in environment.items()},
            log_group=self.log_group,
            # No construct adds to it by itself: what a function may do stands in `permissions`.
            role=self.role.without_policy_updates(),
            snap_start=lambda_.SnapStartConf.ON_PUBLISHED_VERSIONS if shape.is_waited_for else None,
        )
        accept(self.function, "AwsSolutions-L1", "Our packages are built and tested for this version of Python.")
        self.target: lambda_.IFunction = self.function
        if shape.is_waited_for:
            version = self.function.current_version
            self.alias = lambda_.Alias(self, "Live", alias_name=LIVE, version=version)
            self.target = self.alias

    def allow(self, statement: iam.PolicyStatement) -> None:
        """Let the function do something."""
        self.role.add_to_policy(statement)
