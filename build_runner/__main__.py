"""`python -m battleshiper.build_runner`: one build, as the builder's environment says."""

import os
import platform
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

import httpx

from battleshiper.build_runner.claim import spend_claim
from battleshiper.build_runner.composition import Machine, compose
from battleshiper.build_runner.configuration import Configuration, read_configuration
from battleshiper.build_runner.failure import BuildError, RunnerError
from battleshiper.build_runner.log.build_log import BuildLog
from battleshiper.build_runner.progress import Progress
from battleshiper.build_runner.upload import Uploader
from battleshiper.platform.model.instructions import Instructions
from battleshiper.platform.model.result import BuildFailure, BuildResult, FailureCode

SUCCEEDED = 0
FAILED = 1
NOT_REPORTED = 2
_TIMEOUT = httpx.Timeout(10, read=120, write=120)


def main(environment: Mapping[str, str]) -> int:
    """Run the build; the exit status says whether a result was uploaded and which."""
    log = BuildLog(sys.stdout.buffer)
    try:
        configuration = read_configuration(environment)
        with _client() as client:
            instructions = spend_claim(client, configuration.claim_url, configuration.claim)
            result = _build(configuration, instructions, log, client, environment)
    except (RunnerError, BuildError) as error:
        log.say(str(error))
        return NOT_REPORTED
    return FAILED if result.failure else SUCCEEDED


def _build(
    configuration: Configuration,
    instructions: Instructions,
    log: BuildLog,
    client: httpx.Client,
    environment: Mapping[str, str],
) -> BuildResult:
    try:
        build = compose(
            configuration, instructions, log=log, client=client, machine=_this_machine(), environment=environment
        )
        return build.run()
    except BuildError:
        raise
    except Exception as error:
        # A fault of ours must not leave people waiting for a build that is long gone.
        log.say(f"The build runner failed: {type(error).__name__}: {error}")
        failure = BuildFailure(
            code=FailureCode.PLATFORM,
            message=f"The build runner failed with {type(error).__name__}.",
            hint="Redeploy; if it happens again, tell the operator.",
        )
        result = Progress(instructions.deployment_id).failed(failure)
        Uploader(client, instructions.uploads).upload_result(result)
        return result


def _client() -> httpx.Client:
    # The platform on this machine is never behind the operator's proxy.
    direct = {f"all://{host}": httpx.HTTPTransport() for host in ("127.0.0.1", "localhost", "[::1]")}
    return httpx.Client(timeout=_TIMEOUT, mounts=direct)


def _this_machine() -> Machine:
    try:
        features = Path("/proc/cpuinfo").read_text(errors="replace")
    except OSError:
        features = ""
    return Machine(platform.machine(), has_avx2=" avx2 " in features)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    # Unwinds through every `finally`, which ends what runs in the sandbox.
    raise SystemExit(128 + signal.SIGTERM)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _stop)
    received = dict(os.environ)
    # Nothing that we start by ourselves, such as npm, needs it.
    for name in [name for name in os.environ if name.startswith("BATTLESHIPER_")]:
        del os.environ[name]
    sys.exit(main(received))
