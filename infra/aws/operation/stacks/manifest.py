"""What a cloud assembly says about its stacks: the folder that `synth` writes and the CDK's own command deploys.

Its shape: https://docs.aws.amazon.com/cdk/v2/guide/deploy.html#deploy-how-synth-assembly and the package
aws-cdk.cloud-assembly-schema.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from battleshiper.infra.aws.operation.account import Account
from battleshiper.infra.aws.operation.error import OperationError

_UNKNOWN_ACCOUNT = "unknown-account"
_SYNTH = "Make it with: battleshiper aws synth"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file, or a folder that becomes a zip, and where it goes."""

    path: Path
    is_folder: bool
    bucket: str
    key: str
    region: str


@dataclass(frozen=True, slots=True)
class PlannedStack:
    """A stack as it is to be."""

    name: str
    region: str
    template: Path
    template_asset: Asset
    template_url: str
    role: str
    """What CloudFormation acts as; the bootstrap made it."""
    tags: Mapping[str, str]
    assets: tuple[Asset, ...]
    """Everything that has to be in the bucket before; the template is among it."""


def read_assembly(folder: Path, account: Account) -> tuple[PlannedStack, ...]:
    """Return the stacks, each after those it needs; raises OperationError where they cannot be deployed like this."""
    try:
        artifacts: dict[str, Any] = json.loads((folder / "manifest.json").read_text())["artifacts"]
    except (OSError, ValueError, KeyError) as error:
        raise OperationError(f"{folder} is no folder of templates: {error}", _SYNTH) from error
    needs = {name: each.get("dependencies", ()) for name, each in artifacts.items()}
    ordered = [name for name in TopologicalSorter(needs).static_order() if name in artifacts]
    return tuple(
        _read_stack(name, folder, artifacts, account)
        for name in ordered
        if artifacts[name]["type"] == "aws:cloudformation:stack"
    )


def _read_stack(name: str, folder: Path, artifacts: Mapping[str, Any], account: Account) -> PlannedStack:
    artifact = artifacts[name]
    properties = artifact["properties"]
    number, region = artifact["environment"].removeprefix("aws://").split("/")
    if number not in (_UNKNOWN_ACCOUNT, account.number):
        raise OperationError(f"{name} is for account {number}, and these credentials are {account.number}'s.")
    manifests = [
        artifacts[each]["properties"]["file"]
        for each in artifact.get("dependencies", ())
        if artifacts[each]["type"] == "cdk:asset-manifest"
    ]
    assets = [asset for each in manifests for asset in _read_assets(folder, folder / each, account, region)]
    address = account.fill(properties["stackTemplateAssetObjectUrl"], region)
    bucket, _, key = address.removeprefix("s3://").partition("/")
    template = next((asset for asset in assets if (asset.bucket, asset.key) == (bucket, key)), None)
    if template is None:
        raise OperationError(f"The template of {name} is not among what is to be uploaded.", _SYNTH)
    return PlannedStack(
        name=properties.get("stackName", name),
        region=region,
        template=folder / properties["templateFile"],
        template_asset=template,
        template_url=f"https://s3.{region}.{account.domain}/{bucket}/{key}",
        role=account.fill(properties["cloudFormationExecutionRoleArn"], region),
        tags=properties.get("tags", {}),
        assets=tuple(assets),
    )


def _read_assets(folder: Path, manifest: Path, account: Account, region: str) -> Sequence[Asset]:
    content = json.loads(manifest.read_text())
    if images := content.get("dockerImages"):
        names = ", ".join(sorted(images))
        raise OperationError(
            f"{manifest.name} has Docker images ({names}), which this command cannot upload.",
            "Deploy with the CDK's own command: cdk deploy --all",
        )
    return [
        Asset(
            path=folder / file["source"]["path"],
            is_folder=file["source"].get("packaging") == "zip",
            bucket=account.fill(destination["bucketName"], region),
            key=account.fill(destination["objectKey"], region),
            region=account.fill(destination.get("region", region), region),
        )
        for file in content.get("files", {}).values()
        for destination in file["destinations"].values()
    ]
