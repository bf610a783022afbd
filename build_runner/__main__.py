"""`python -m battleshiper.build_runner`: one build, as the builder's environment says.

With `--standby` it makes itself ready, and what the environment says of the build arrives later: see `standby`.
"""

import os
import signal
import sys
from collections.abc import Callable, Mapping
from types import FrameType

from battleshiper.build_runner.claim import spend_claim
from battleshiper.build_runner.composition import Equipment, compose, equip
from battleshiper.build_runner.configuration import Configuration, others, read_configuration, sandbox_kind
from battleshiper.build_runner.failure import BuildError, RunnerError
from battleshiper.build_runner.log.build_log import BuildLog
from battleshiper.build_runner.progress import Progress
from battleshiper.build_runner.standby import Standby
from battleshiper.build_runner.upload import Uploader
from battleshiper.platform.model.instructions import Instructions
from battleshiper.platform.model.result import BuildFailure, BuildResult, FailureCode

SUCCEEDED = 0
FAILED = 1
NOT_REPORTED = 2


def main(environment: Mapping[str, str], *, is_standby: bool) -> int:
    """Run the build; the exit status says whether a result was uploaded and which."""
    try:
        equipment = equip(sandbox_kind(environment))
    except RunnerError as error:
        BuildLog(sys.stdout.buffer).say(str(error))
        return NOT_REPORTED
    if not is_standby:
        return _serve(environment, equipment, lambda _: None)
    standby = Standby()
    order = standby.wait()
    return SUCCEEDED if order is None else _serve({**environment, **order}, equipment, standby.tell)


def _serve(environment: Mapping[str, str], equipment: Equipment, tell: Callable[[int], None]) -> int:
    """Run the build; `tell` hears the exit status as soon as the result is uploaded."""
    log = BuildLog(sys.stdout.buffer)
    try:
        configuration = read_configuration(environment)
        with equipment.client as client:
            instructions = spend_claim(client, configuration.claim_url, configuration.claim, configuration.attempt)
            return _build(configuration, instructions, log, equipment, environment, tell)
    except (RunnerError, BuildError) as error:
        log.say(str(error))
        return NOT_REPORTED


def _build(
    configuration: Configuration,
    instructions: Instructions,
    log: BuildLog,
    equipment: Equipment,
    environment: Mapping[str, str],
    tell: Callable[[int], None],
) -> int:
    try:
        build = compose(configuration, instructions, log=log, equipment=equipment, environment=environment)
        result = build.run()
    except BuildError:
        raise
    except Exception as error:
        # A fault of ours must not leave people waiting for a build that is long gone.
        log.say(f"The build runner failed: {type(error).__name__}: {error}")
        Uploader(equipment.client, instructions.uploads).upload_result(_fault(instructions, error))
        tell(FAILED)
        return FAILED
    status = FAILED if result.failure else SUCCEEDED
    tell(status)
    try:
        build.keep(result)
    except Exception as error:
        log.say(f"Nothing is kept for the next build: {type(error).__name__}: {error}")
    return status


def _fault(instructions: Instructions, error: Exception) -> BuildResult:
    failure = BuildFailure(
        code=FailureCode.PLATFORM,
        message=f"The build runner failed with {type(error).__name__}.",
        hint="Redeploy; if it happens again, tell the operator.",
    )
    return Progress(instructions.deployment_id).failed(failure)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    # Unwinds through every `finally`, which ends what runs in the sandbox.
    raise SystemExit(128 + signal.SIGTERM)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _stop)
    received = dict(os.environ)
    # Nothing that we start by ourselves, such as npm, needs it.
    for name in received.keys() - others(received).keys():
        del os.environ[name]
    sys.exit(main(received, is_standby="--standby" in sys.argv[1:]))
