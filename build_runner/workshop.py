"""Where commands are run: in the sandbox, with their output in the log and an eye on time, memory and disk."""

import os
import threading
import time
from collections.abc import Mapping, Sequence

from battleshiper.build_runner.deadline import Deadline
from battleshiper.build_runner.disk import DiskWatch
from battleshiper.build_runner.failure import BuildError
from battleshiper.build_runner.log.build_log import BuildLog
from battleshiper.build_runner.places import Places
from battleshiper.build_runner.resident import resident_bytes
from battleshiper.platform.model.instructions import BuildLimits
from battleshiper.platform.model.result import FailureCode
from battleshiper.platform.sandbox.port import (
    Bind,
    Command,
    Exit,
    Network,
    Process,
    ResourceLimits,
    Sandbox,
    SandboxError,
)

_GLANCE_SECONDS = 0.5
_KILLED = (-9, 137)
"""SIGKILL, as a signal and as a shell tells it: what the kernel does to programs when memory runs out."""


class Workshop:
    """Runs one command after the other. When `run` returns or raises, nothing of the command is left."""

    def __init__(
        self, sandbox: Sandbox, log: BuildLog, places: Places, limits: BuildLimits, binds: Sequence[Bind] = ()
    ) -> None:
        self._sandbox = sandbox
        self._log = log
        self._binds = (places.bind_build(), *binds)
        self._limits = limits
        self._resources = ResourceLimits(limits.memory_bytes, limits.processes, file_bytes=limits.work_bytes)
        self._disk = DiskWatch(places.build, limits.work_bytes, time.monotonic)

    def expect(self) -> None:
        """Make ready for a command that reaches the internet and follows within seconds."""
        self._sandbox.expect()

    def run(
        self,
        arguments: Sequence[str],
        *,
        directory: str,
        environment: Mapping[str, str],
        network: Network,
        deadline: Deadline,
        binds: Sequence[Bind] = (),
        is_followed: bool = False,
    ) -> Exit:
        """Run a command to its end. One that is followed by another that reaches the internet is used to make ready
        for that. Raises BuildError when it takes too much time, memory or disk, or when the sandbox refuses
        (PLATFORM); any other end is the caller's to judge."""
        command = Command(
            arguments=tuple(arguments),
            directory=directory,
            limits=self._resources,
            environment=environment,
            binds=(*self._binds, *binds),
            network=network,
        )
        self._log.heap_exhausted = False
        reading, writing = os.pipe()
        try:
            process = self._sandbox.start(command, stdout=writing, stderr=writing)
        except SandboxError as error:
            os.close(reading)
            raise BuildError(FailureCode.PLATFORM, f"The sandbox cannot be started: {error}") from error
        finally:
            os.close(writing)
        if is_followed:
            self._sandbox.expect()
        copier = threading.Thread(target=self._log.copy, args=(reading,), daemon=True)
        copier.start()
        try:
            end = self._watch(process, deadline)
        finally:
            process.kill()
            copier.join()
        self._disk.check(now=end.code != 0)
        self._check_memory(end)
        return end

    def _watch(self, process: Process, deadline: Deadline) -> Exit:
        while True:
            try:
                return process.wait(min(_GLANCE_SECONDS, deadline.remaining))
            except TimeoutError:
                if not deadline.remaining:
                    raise BuildError(
                        FailureCode.TIMEOUT,
                        f"The build was not done after {deadline.seconds:,.0f} seconds and was ended.",
                        "Look in the log for the step that hangs, or ask the operator for more time.",
                    ) from None
            self._disk.check()
            # Without a control group nothing else counts the memory of all processes together.
            if resident_bytes(process.pid) > self._limits.memory_bytes:
                raise self._out_of_memory()

    def _check_memory(self, end: Exit) -> None:
        lost_heap = end.code != 0 and self._log.heap_exhausted
        if (end.out_of_memory and end.code != 0) or end.code in _KILLED or lost_heap:
            raise self._out_of_memory()

    def _out_of_memory(self) -> BuildError:
        return BuildError(
            FailureCode.OUT_OF_MEMORY,
            f"The build ran out of memory: it may use {self._limits.memory_bytes // 1024**2:,} MiB.",
            "Build with less (fewer workers, no source maps), or ask the operator for more memory.",
        )
