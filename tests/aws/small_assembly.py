"""A cloud assembly that is small: what `synth` writes, by hand, with one of each that a deployment has to do with."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

STACK = "Battleshiper"
_PLACE = "${AWS::AccountId}-eu-central-1"
_BUCKET = f"cdk-hnb659fds-assets-{_PLACE}"
KEPT = {"DeletionPolicy": "RetainExceptOnCreate", "UpdateReplacePolicy": "Retain"}


def resources(queue_seconds: int = 30) -> dict[str, Any]:
    """Return the resources: data that stays, a bucket that goes, a role and a queue."""
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    return {
        "Table": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "BillingMode": "PAY_PER_REQUEST",
                "DeletionProtectionEnabled": True,
                "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
            },
            **KEPT,
        },
        "Sites": {"Type": "AWS::S3::Bucket", **KEPT},
        "Assets": {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Delete"},
        "Key": {"Type": "AWS::SecretsManager::Secret", "Properties": {"Name": "battleshiper/key"}, **KEPT},
        "SiteRole": {
            "Type": "AWS::IAM::Role",
            "Properties": {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]}},
        },
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": queue_seconds}},
    }


def write_assembly(folder: Path, described: Mapping[str, Any] | None = None, name: str = STACK) -> Path:
    """Write an assembly with one stack, a folder and a file to upload besides its template; return its folder."""
    outputs = {
        "Url": {"Value": "https://deploy.example.com"},
        **{each: {"Value": {"Ref": each}} for each in described or resources()},
    }
    template = json.dumps({"Resources": described or resources(), "Outputs": outputs})
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.template.json").write_text(template)
    (folder / "asset.tree" / "inside").mkdir(parents=True, exist_ok=True)
    (folder / "asset.tree" / "inside" / "index.mjs").write_text("export {};\n")
    (folder / "asset.zip").write_bytes(b"a package")
    files = {
        _hash(template): _file(f"{name}.template.json", "file", f"{_hash(template)}.json"),
        "tree": _file("asset.tree", "zip", "tree.zip"),
        "package": _file("asset.zip", "file", "package.zip"),
    }
    (folder / f"{name}.assets.json").write_text(json.dumps({"version": "55.0.0", "files": files, "dockerImages": {}}))
    properties = {
        "templateFile": f"{name}.template.json",
        "tags": {"application": "battleshiper"},
        "cloudFormationExecutionRoleArn": f"arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:role/exec-{_PLACE}",
        "stackTemplateAssetObjectUrl": f"s3://{_BUCKET}/{_hash(template)}.json",
    }
    artifacts = {
        name: {
            "type": "aws:cloudformation:stack",
            "environment": "aws://unknown-account/eu-central-1",
            "properties": properties,
            "dependencies": [f"{name}.assets"],
        },
        f"{name}.assets": {"type": "cdk:asset-manifest", "properties": {"file": f"{name}.assets.json"}},
        "Tree": {"type": "cdk:tree", "properties": {"file": "tree.json"}},
    }
    (folder / "manifest.json").write_text(json.dumps({"version": "55.0.0", "artifacts": artifacts}))
    return folder


def _file(path: str, packaging: str, key: str) -> dict[str, Any]:
    destination = {"bucketName": _BUCKET, "objectKey": key, "region": "eu-central-1"}
    return {"source": {"path": path, "packaging": packaging}, "destinations": {"here": destination}}


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
