"""A cloud assembly that is small: what `synth` writes, by hand, with one of each that a deployment has to do with."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

STACK = "Battleshiper"
CERTIFICATES = "BattleshiperCertificates"
REGION = "eu-central-1"
PRIVATE_KEY, WEBHOOK_SECRET = "battleshiper/github-private-key", "battleshiper/github-webhook-secret"
CLIENT = "battleshiper/github-client"
IMAGES, IMAGE_TAG, IMAGE_BUILDER = "battleshiper-image", "small", "image-builder"
OUTPUTS = {
    "Url": "https://deploy.example.com",
    "PlatformRecord": "deploy.invalid CNAME d1.cloudfront.net",
    "SitesDomain": "sites.invalid",
    "ViewerRequest": "viewer-request",
    "ViewerResponse": "viewer-response",
    "GitHubPrivateKeySecret": PRIVATE_KEY,
    "GitHubWebhookSecret": WEBHOOK_SECRET,
    "GitHubClientSecret": CLIENT,
    "ImageRepository": f"000000000000.dkr.ecr.{REGION}.amazonaws.com/{IMAGES}",
    "ImageTag": IMAGE_TAG,
    "ImageBuilder": IMAGE_BUILDER,
}
"""What the steps after the stacks go by. Images, their builder and the edge functions are not among the resources."""
KEPT = {"DeletionPolicy": "RetainExceptOnCreate", "UpdateReplacePolicy": "Retain"}


def resources(queue_seconds: int = 30) -> dict[str, Any]:
    """Return the resources: data and secrets that stay, a bucket that goes, a role and a queue."""
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
        "Key": {"Type": "AWS::SecretsManager::Secret", "Properties": {"Name": PRIVATE_KEY}, **KEPT},
        "Webhook": {"Type": "AWS::SecretsManager::Secret", "Properties": {"Name": WEBHOOK_SECRET}, **KEPT},
        "Client": {"Type": "AWS::SecretsManager::Secret", "Properties": {"Name": CLIENT}, **KEPT},
        "SiteRole": {
            "Type": "AWS::IAM::Role",
            "Properties": {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]}},
        },
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": queue_seconds}},
    }


def write_assembly(
    folder: Path, described: Mapping[str, Any] | None = None, certificates: Mapping[str, Any] | None = None
) -> Path:
    """Write an assembly with one stack, a folder and a file to upload besides its template; return its folder. With
    `certificates`, there is a stack of these resources in us-east-1, which has to come first."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "asset.tree" / "inside").mkdir(parents=True, exist_ok=True)
    (folder / "asset.tree" / "inside" / "index.mjs").write_text("export {};\n")
    (folder / "asset.zip").write_bytes(b"a package")
    described = described or resources()
    outputs = {name: {"Value": value} for name, value in OUTPUTS.items()}
    outputs |= {each: {"Value": {"Ref": each}} for each in described}
    uploads = {"tree": ("asset.tree", "zip", "tree.zip"), "package": ("asset.zip", "file", "package.zip")}
    artifacts = _write_stack(folder, STACK, REGION, {"Resources": described, "Outputs": outputs}, uploads)
    if certificates:
        artifacts |= _write_stack(folder, CERTIFICATES, "us-east-1", {"Resources": certificates}, {})
        artifacts[STACK]["dependencies"].append(CERTIFICATES)
    artifacts["Tree"] = {"type": "cdk:tree", "properties": {"file": "tree.json"}}
    (folder / "manifest.json").write_text(json.dumps({"version": "55.0.0", "artifacts": artifacts}))
    return folder


def _write_stack(
    folder: Path, name: str, region: str, described: Any, uploads: Mapping[str, tuple[str, str, str]]
) -> dict[str, Any]:
    template = json.dumps(described)
    digest = hashlib.sha256(template.encode()).hexdigest()
    (folder / f"{name}.template.json").write_text(template)
    place = f"${{AWS::AccountId}}-{region}"
    bucket = f"cdk-hnb659fds-assets-{place}"
    files = {
        each: {
            "source": {"path": path, "packaging": packaging},
            "destinations": {"here": {"bucketName": bucket, "objectKey": key, "region": region}},
        }
        for each, (path, packaging, key) in {
            digest: (f"{name}.template.json", "file", f"{digest}.json"),
            **uploads,
        }.items()
    }
    (folder / f"{name}.assets.json").write_text(json.dumps({"version": "55.0.0", "files": files, "dockerImages": {}}))
    properties = {
        "templateFile": f"{name}.template.json",
        "tags": {"application": "battleshiper"},
        "cloudFormationExecutionRoleArn": f"arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:role/exec-{place}",
        "stackTemplateAssetObjectUrl": f"s3://{bucket}/{digest}.json",
    }
    stack = {
        "type": "aws:cloudformation:stack",
        "environment": f"aws://unknown-account/{region}",
        "properties": properties,
        "dependencies": [f"{name}.assets"],
    }
    assets = {"type": "cdk:asset-manifest", "properties": {"file": f"{name}.assets.json"}}
    return {name: stack, f"{name}.assets": assets}
