"""The platform's stack in the emulator: synthesised as for an operator, and deployed by CloudFormation."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from aws.batch_standin import ARN as BATCH
from aws.emulator import ACCOUNT, REGION, Emulator
from aws.packages import packages_for_this_machine
from aws.template import adapt

from battleshiper.infra.aws.packaging.archive import write_archive
from battleshiper.infra.aws.packaging.image import lay_out_image
from battleshiper.infra.aws.packaging.packages import ROOT
from battleshiper.infra.aws.stack.options import Options

NAME = "Battleshiper"
_BUCKET = f"cdk-hnb659fds-assets-{ACCOUNT}-{REGION}"
_PATIENCE = 120.0
_KNOWN_NODE = {"JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "18,20,21,23,25"}


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
    """Make the stack of these options, its functions told `environment` besides."""
    assembly = _synthesise(options, folder)
    template = json.loads((assembly / f"{NAME}.template.json").read_text())
    template = adapt(template, environment, _names_of_batch(template))
    s3, cloudformation = emulator.client("s3"), emulator.client("cloudformation")
    s3.create_bucket(Bucket=_BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    emulator.client("ssm").put_parameter(Name="/cdk-bootstrap/hnb659fds/version", Value="30", Type="String")
    _publish(s3, assembly, folder)
    s3.put_object(Bucket=_BUCKET, Key="template.json", Body=json.dumps(template))
    cloudformation.create_stack(
        StackName=NAME,
        TemplateURL=f"{emulator.url}/{_BUCKET}/template.json",
        Capabilities=["CAPABILITY_IAM"],
        OnFailure="DO_NOTHING",
    )
    stack = _made(cloudformation)
    found = cloudformation.get_paginator("list_stack_resources").paginate(StackName=NAME).build_full_result()
    return DeployedStack(
        template,
        {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in found["StackResourceSummaries"]},
        {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]},
    )


def _synthesise(options: Options, folder: Path) -> Path:
    from battleshiper.infra.aws.stack.app import Parts, build_app

    parts = Parts(packages_for_this_machine(folder / "packages"), lay_out_image(ROOT, folder / "image"))
    with patch.dict("os.environ", _KNOWN_NODE):
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


def _publish(s3: Any, assembly: Path, folder: Path) -> None:
    manifest = json.loads((assembly / f"{NAME}.assets.json").read_text())
    for asset in manifest["files"].values():
        path = assembly / asset["source"]["path"]
        if path.is_dir():
            archive = folder / "asset.zip"
            write_archive(path, archive)
            path = archive
        for destination in asset["destinations"].values():
            s3.put_object(Bucket=_BUCKET, Key=destination["objectKey"], Body=path.read_bytes())


def _made(cloudformation: Any) -> Mapping[str, Any]:
    deadline = time.monotonic() + _PATIENCE
    while True:
        (stack,) = cloudformation.describe_stacks(StackName=NAME)["Stacks"]
        if not stack["StackStatus"].endswith("_IN_PROGRESS"):
            break
        assert time.monotonic() < deadline, stack
        time.sleep(0.2)
    pages = cloudformation.get_paginator("describe_stack_events").paginate(StackName=NAME)
    events = [event for page in pages for event in page["StackEvents"]]
    failed = [
        f"{each['LogicalResourceId']}: {each.get('ResourceStatusReason')}"
        for each in events
        if "FAILED" in each["ResourceStatus"]
    ]
    assert stack["StackStatus"] == "CREATE_COMPLETE", failed
    return stack
