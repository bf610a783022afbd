"""The image that builds run in, and how it gets there without Docker on the operator's machine."""

from pathlib import Path

from aws_cdk import RemovalPolicy
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk.aws_s3_assets import Asset
from constructs import Construct

from battleshiper.infra.aws.stack.acceptance import accept
from battleshiper.infra.aws.stack.logs import log_group
from battleshiper.infra.aws.stack.roles import allow, service_role

_PULL = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
_PUSH = ("ecr:CompleteLayerUpload", "ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart")
_KEPT_IMAGES = 10
"""Jobs that wait when the platform is upgraded still start from the image of their definition."""
_MIRROR = "public.ecr.aws/docker/library"
"""Docker's official images at AWS (https://gallery.ecr.aws/docker/). Docker's own registry often refuses CodeBuild,
which shares its addresses with everybody."""
_NO_RESOURCE = "ecr:GetAuthorizationToken knows no resources: it signs in to the registry as such."
_TOKEN_RULE = "AwsSolutions-IAM5[Resource::*]"  # noqa: S105 - a checker's rule


class Image(Construct):
    """A repository, and a CodeBuild project that fills it from `folder`, which `packaging.image` lays out.

    The tag is the folder's fingerprint: the same content is never built twice, and no tag ever changes its meaning.
    """

    def __init__(self, scope: Construct, id: str, *, folder: Path, log_days: int) -> None:
        super().__init__(scope, id)
        self._source = Asset(self, "Source", path=str(folder))
        self.tag = self._source.asset_hash
        self.repository = ecr.Repository(
            self,
            "Repository",
            image_tag_mutability=ecr.TagMutability.IMMUTABLE,
            image_scan_on_push=True,
            encryption=ecr.RepositoryEncryption.AES_256,
            lifecycle_rules=[ecr.LifecycleRule(max_image_count=_KEPT_IMAGES)],
            # It can be built again, and a repository with images holds up the stack's removal.
            empty_on_delete=False,
            removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )
        self.address = self.repository.repository_uri_for_tag(self.tag)
        self.project = self._add_project(log_days)

    def allow_pull(self, role: iam.Role) -> None:
        """Let a role fetch the image."""
        allow(role, _PULL, self.repository.repository_arn)
        allow(role, ["ecr:GetAuthorizationToken"], "*")
        accept(role, _TOKEN_RULE, _NO_RESOURCE)

    def _add_project(self, log_days: int) -> codebuild.CfnProject:
        group = log_group(self, "Logs", "image", log_days)
        role = service_role(self, "BuilderRole", "codebuild", "Makes the build image")
        self.allow_pull(role)
        allow(role, _PUSH, self.repository.repository_arn)
        allow(role, ["logs:CreateLogStream", "logs:PutLogEvents"], group.log_group_arn)
        allow(
            role,
            ["s3:GetObject", "s3:GetObjectVersion"],
            self._source.bucket.arn_for_objects(self._source.s3_object_key),
        )
        variable = codebuild.CfnProject.EnvironmentVariableProperty
        project = codebuild.CfnProject(
            self,
            "Builder",
            description="Makes the image that builds run in, if this version of it is not there",
            service_role=role.role_arn,
            artifacts=codebuild.CfnProject.ArtifactsProperty(type="NO_ARTIFACTS"),
            source=codebuild.CfnProject.SourceProperty(
                type="S3",
                location=f"{self._source.s3_bucket_name}/{self._source.s3_object_key}",
                build_spec=_BUILD_SPEC,
            ),
            environment=codebuild.CfnProject.EnvironmentProperty(
                type="ARM_CONTAINER",
                compute_type="BUILD_GENERAL1_SMALL",
                image="aws/codebuild/amazonlinux-aarch64-standard:3.0",
                privileged_mode=True,  # which Docker needs; what it builds is our own Dockerfile
                environment_variables=[
                    variable(name="REPOSITORY", value=self.repository.repository_uri),
                    variable(name="REPOSITORY_NAME", value=self.repository.repository_name),
                    variable(name="TAG", value=self.tag),
                    variable(name="MIRROR", value=_MIRROR),
                ],
            ),
            timeout_in_minutes=30,
            logs_config=codebuild.CfnProject.LogsConfigProperty(
                cloud_watch_logs=codebuild.CfnProject.CloudWatchLogsConfigProperty(
                    status="ENABLED", group_name=group.log_group_name
                )
            ),
        )
        accept(project, "AwsSolutions-CB4", "It leaves no artifacts that a key could encrypt.")
        project.node.add_dependency(role)
        return project


_BUILD_SPEC = """\
version: 0.2
phases:
  build:
    commands:
      - |
        if aws ecr batch-get-image --repository-name "$REPOSITORY_NAME" --image-ids imageTag="$TAG" \\
          --query 'length(images)' --output text | grep -qx 1; then echo "$TAG is there"; exit 0; fi
        aws ecr get-login-password | docker login --username AWS --password-stdin "${REPOSITORY%%/*}"
        docker build --provenance=false --file build_runner/Dockerfile --tag "$REPOSITORY:$TAG" \\
          --build-arg NODE="$MIRROR/node:24-trixie-slim" --build-arg PYTHON="$MIRROR/python:3.13-slim-trixie" .
        docker push "$REPOSITORY:$TAG"
"""
