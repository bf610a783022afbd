"""The CDK app: `python -m battleshiper.infra.aws.stack.app`, which the CDK's own command runs, too."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aws_cdk import App, Environment, Stack, Validations
from cdk_nag import AwsSolutionsChecks

from battleshiper.infra.aws.stack.domains import CERTIFICATES_REGION, Certificates, domains_of, needs_certificates
from battleshiper.infra.aws.stack.options import Options
from battleshiper.infra.aws.stack.platform import Platform
from battleshiper.infra.aws.stack.shapes import Package

STACK = "Battleshiper"
CERTIFICATES_STACK = f"{STACK}Certificates"
_FLAGS = {
    "@aws-cdk/aws-lambda:recognizeLayerVersion": True,
    "@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy": True,
    "@aws-cdk/aws-iam:minimizePolicies": True,
    "@aws-cdk/core:enablePartitionLiterals": True,
    "@aws-cdk/aws-codedeploy:removeAlarmsFromDeploymentGroup": True,
}
"""How the CDK is to behave where it has changed its ways."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the stack is made from besides its description."""

    packages: Mapping[Package, Path]
    image_folder: Path


def build_app(options: Options, parts: Parts, outdir: str | None = None) -> App:
    """Return the app with its stacks, which cdk-nag checks when it is synthesised. Raises OptionsError."""
    app = App(context=_FLAGS, outdir=outdir, analytics_reporting=False)
    domains = domains_of(options)
    certificates = None
    if needs_certificates(domains) and options.region != CERTIFICATES_REGION:
        stack = Stack(
            app, CERTIFICATES_STACK, env=Environment(region=CERTIFICATES_REGION), cross_region_references=True
        )
        certificates = Certificates(stack, "Certificates", domains).arns
    Platform(
        app,
        STACK,
        options=options,
        domains=domains,
        certificates=certificates,
        packages=parts.packages,
        image_folder=parts.image_folder,
    )
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    return app
