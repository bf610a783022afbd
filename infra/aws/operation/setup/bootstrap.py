"""What the CDK puts into a region before anything of ours: a bucket for what is deployed, and roles."""

import shutil
import subprocess
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from battleshiper.infra.aws.operation.account import asking, read_account
from battleshiper.infra.aws.operation.error import OperationError
from battleshiper.infra.aws.operation.waiting import Tell

if TYPE_CHECKING:
    from battleshiper.infra.aws.clients import Clients

LEAST_VERSION = 6
"""What our templates ask for, see `requiresBootstrapStackVersion` in their manifest."""
_PARAMETER = "/cdk-bootstrap/hnb659fds/version"
_COMMAND = ("npx", "--yes", "aws-cdk@2", "bootstrap")

Run = Callable[[Sequence[str], Path], int]
"""Runs a program in a folder and returns its exit code."""


def bootstrap_version(ssm: Any, region: str) -> int | None:
    """Return the version of a region's bootstrap, or None where there is none; raises OperationError
    (https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html)."""
    with asking(f"look whether {region} is bootstrapped"):
        try:
            return int(ssm.get_parameter(Name=_PARAMETER)["Parameter"]["Value"])
        except ssm.exceptions.ParameterNotFound:
            return None


def run_in(command: Sequence[str], folder: Path) -> int:
    """Run a program whose output goes to standard error, as ours may be JSON; raises OperationError without it."""
    if shutil.which(command[0]) is None:
        remedy = "Install Node 22 or later, which brings it, and try again."
        raise OperationError(f"{command[0]} is not installed, which bootstraps the CDK.", remedy)
    return subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=2, check=False).returncode


class Bootstrap:
    """Bootstraps the regions that need it, with the CDK's own command. Others are left as they are."""

    def __init__(self, clients_in: "Callable[[str], Clients]", run: Run = run_in) -> None:
        self._clients_in = clients_in
        self._run = run

    def provide(self, regions: Iterable[str], tell: Tell) -> None:
        """Return once all are bootstrapped; raises OperationError."""
        for region in regions:
            version = bootstrap_version(self._clients_in(region).of("ssm"), region)
            if version is not None and version >= LEAST_VERSION:
                tell(f"{region} has version {version}")
                continue
            self._bootstrap(f"aws://{read_account(self._clients_in(region)).number}/{region}", tell)

    def _bootstrap(self, place: str, tell: Tell) -> None:
        command = (*_COMMAND, place)
        tell(" ".join(command))
        # In a folder of its own: the CDK's command would read a `cdk.json` where it is.
        with TemporaryDirectory(prefix="battleshiper-") as folder:
            code = self._run(command, Path(folder))
        if code != 0:
            remedy = f"Its output says why. By hand: {' '.join(command)}"
            raise OperationError(f"The CDK's bootstrap of {place} ended with exit code {code}.", remedy)
