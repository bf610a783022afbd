"""The `aws` command: the platform in the operator's AWS account."""

import typer

from battleshiper.infra.cli.aws.deploy import deploy
from battleshiper.infra.cli.aws.destroy import destroy
from battleshiper.infra.cli.aws.diff import diff
from battleshiper.infra.cli.aws.doctor import doctor
from battleshiper.infra.cli.aws.keys import rotate_keys
from battleshiper.infra.cli.aws.status import status
from battleshiper.infra.cli.aws.synth import synth

group = typer.Typer(no_args_is_help=True)
for _command in (doctor, synth, diff, deploy, status, destroy, rotate_keys):
    group.command()(_command)


@group.callback()
def aws() -> None:
    """Run the platform in your AWS account. docs/aws.md leads there."""
