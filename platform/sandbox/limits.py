"""Resource limits of single processes, for what no control group limits (getrlimit(2))."""

import os
from collections.abc import Set

from battleshiper.platform.sandbox.port import ResourceLimits

_GIB = 1024**3


def mapped_bytes(limits: ResourceLimits) -> int:
    """Return what RLIMIT_DATA must let a process map so that it can use the memory it may use.

    Node 22 and newer reserve half a gigabyte for the code of each thread that runs JavaScript, which counts though it
    is not used; without that they do not start. Build tools start about two such threads per processor.
    """
    return limits.memory_bytes + _GIB * (1 + (os.cpu_count() or 1))


def prlimit(limits: ResourceLimits, grouped: Set[str]) -> list[str]:
    """Return the command that sets `limits` and then becomes the command behind it.

    `grouped` names the controllers that limit all processes together. RLIMIT_DATA rather than RLIMIT_AS stands in for
    the memory one, because JavaScript engines reserve far more address space than they use; it only stops what is out
    of all bounds.
    """
    arguments = ["/usr/bin/prlimit", "--core=0", f"--fsize={limits.file_bytes}"]
    if "memory" not in grouped:
        arguments.append(f"--data={mapped_bytes(limits)}")
    if "pids" not in grouped:
        arguments.append(f"--nproc={limits.processes}")
    return [*arguments, "--"]
