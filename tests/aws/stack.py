"""The platform's stack in the emulator: synthesised as for an operator, and deployed by the operator's command."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from aws.audience import Listener
from aws.batch_standin import ARN as BATCH
from aws.emulator import ACCOUNT, REGION, Emulator
from aws.packages import packages_for_this_machine
from aws.template import adapt

from battleshiper.infra.aws.operation.account import read_account
from battleshiper.infra.aws.operation.stacks.manifest import read_assembly
from battleshiper.infra.aws.operation.stacks.series import StackSeries
from battleshiper.infra.aws.packaging.image import lay_out_image
from battleshiper.infra.aws.packaging.packages import ROOT
from battleshiper.infra.aws.stack.options import Options

NAME = "Battleshiper"
KNOWN_NODE = dict.fromkeys(
    ("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION"), "18,20,21,23,25"
)
"""What keeps the CDK from warning of the Node that it runs on."""


@dataclass(frozen=True)
class DeployedStack:
    """What CloudFormation made. `resources` has the physical id of each logical one, `outputs` what it tells."""

    template: Mapping[str, Any]
    resources: Mapping[str, str]
    outputs: Mapping[str, str]

    def of_type(self, kind: str) -> dict[str, str]:
        """Return the physical ids of all resources of a type, by logical id."""
        return {name: self.resources[name] for name, each in self.template["Resources"].items() if each["Type"] == kind}

    def function(self, name: str) -> str:
        """Return what one of our functions is called."""
        handler = f"battleshiper.infra.aws.handlers.{name}.handler"
        (logical,) = (
            logical
            for logical, each in self.template["Resources"].items()
            if each["Type"] == "AWS::Lambda::Function" and each["Properties"]["Handler"] == handler
        )
        return self.resources[logical]


def deploy_stack(emulator: Emulator, options: Options, environment: Mapping[str, str], folder: Path) -> DeployedStack:
    """Make the stack of these options, as `battleshiper aws deploy` does; its functions are told `environment`, too."""
    assembly = _synthesise(options, folder)
    described = assembly / f"{NAME}.template.json"
    template = json.loads(described.read_text())
    template = adapt(template, environment, _names_of_batch(template))
    described.write_text(json.dumps(template))
    _bootstrap(emulator)
    account = read_account(emulator.clients_in(REGION))
    deployed = StackSeries(emulator.clients_in, account, Listener()).deploy(read_assembly(assembly, account))
    pages = emulator.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=NAME)
    found = pages.build_full_result()["StackResourceSummaries"]
    resources = {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in found}
    return DeployedStack(template, resources, deployed.outputs)


def _synthesise(options: Options, folder: Path) -> Path:
    from battleshiper.infra.aws.stack.app import Parts, build_app

    parts = Parts(packages_for_this_machine(folder / "packages"), lay_out_image(ROOT, folder / "image"))
    with patch.dict("os.environ", KNOWN_NODE):
        build_app(options, parts, str(folder / "assembly")).synth()
    return folder / "assembly"


def _names_of_batch(template: Mapping[str, Any]) -> dict[str, str]:
    """Return what the stand-in calls the resources that it plays, by logical id."""
    names = {}
    for logical, each in template["Resources"].items():
        if each["Type"] == "AWS::Batch::JobQueue":
            names[logical] = f"{BATCH}:job-queue/{'spot' if 'Spot' in logical else 'on-demand'}"
        elif each["Type"] == "AWS::Batch::JobDefinition":
            names[logical] = "build"
    return names


def _bootstrap(emulator: Emulator) -> None:
    """Make what the CDK's own bootstrap makes, as far as a deployment asks for it."""
    bucket = f"cdk-hnb659fds-assets-{ACCOUNT}-{REGION}"
    emulator.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    emulator.client("ssm").put_parameter(Name="/cdk-bootstrap/hnb659fds/version", Value="30", Type="String")
