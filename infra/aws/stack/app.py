"""The CDK app: `python -m battleshiper.infra.aws.stack.app`, which the CDK's own command runs, too."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aws_cdk import App, Environment, Stack, Validations
from cdk_nag import AwsSolutionsChecks

from battleshiper.infra.aws.packaging.image import lay_out_image
from battleshiper.infra.aws.packaging.libraries import PYTHON, LibrariesError
from battleshiper.infra.aws.packaging.packages import CACHE, ROOT, build_packages
from battleshiper.infra.aws.stack.domains import Certificates, domains_of
from battleshiper.infra.aws.stack.names import CERTIFICATES_REGION, CERTIFICATES_STACK, STACK, has_certificates_stack
from battleshiper.infra.aws.stack.options import Options, OptionsError
from battleshiper.infra.aws.stack.platform import Platform
from battleshiper.infra.aws.stack.shapes import Package

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
    if has_certificates_stack(options):
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


def main() -> None:
    """Write the cloud assembly to where the CDK's command wants it (`CDK_OUTDIR`), else to `cdk.out`."""
    try:
        options = Options.of(os.environ)
        domains_of(options)
        packages = build_packages(CACHE / "packages")
    except (OptionsError, LibrariesError) as error:
        sys.exit(str(error))
    if not packages.are_compiled:
        print(f"Without Python {PYTHON} here, the functions are not compiled ahead and start later.", file=sys.stderr)
    parts = Parts(packages.paths, lay_out_image(ROOT, CACHE / "image"))
    build_app(options, parts, os.environ.get("CDK_OUTDIR")).synth()


if __name__ == "__main__":
    main()
