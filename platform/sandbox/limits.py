"""Resource limits of single processes, for what no control group limits (getrlimit(2))."""

from collections.abc import Set

from battleshiper.platform.sandbox.port import ResourceLimits

RESERVED_BYTES = 16 * 1024**3
"""What a process may map besides the memory it may use: Node 22 and newer reserve half a gigabyte for the code of each
thread, which counts for RLIMIT_DATA, and would not start with less than that."""


def prlimit(limits: ResourceLimits, grouped: Set[str]) -> list[str]:
    """Return the command that sets `limits` and then becomes the command behind it.

    `grouped` names the controllers that limit all processes together. RLIMIT_DATA rather than RLIMIT_AS stands in for
    the memory one, because JavaScript engines reserve far more address space than they use; it only stops what is out
    of all bounds. Whoever waits for a program can watch closer with `resident.resident_bytes`.
    """
    arguments = ["/usr/bin/prlimit", "--core=0", f"--fsize={limits.file_bytes}"]
    if "memory" not in grouped:
        arguments.append(f"--data={limits.memory_bytes + RESERVED_BYTES}")
    if "pids" not in grouped:
        arguments.append(f"--nproc={limits.processes}")
    return [*arguments, "--"]
