"""The environment of a sandboxed program.

Between the sandbox and the program stand `prlimit` and `setpriv`, which still have rights. Variables that change
what such programs load or open reach the program behind them only.
"""

from collections.abc import Mapping

from battleshiper.platform.sandbox.port import SandboxError

# What the GNU C library itself drops for set-user-ID programs (ld.so(8), "secure-execution mode"), and its families.
_UNSAFE = frozenset({"GETCONF_DIR", "HOSTALIASES", "LOCALDOMAIN", "LOCPATH", "NLSPATH", "TMPDIR", "TZDIR"})
_UNSAFE_FAMILIES = ("GCONV_", "GLIBC_", "LD_", "MALLOC_", "NIS_", "RESOLV_", "RES_")


def early(environment: Mapping[str, str]) -> list[str]:
    """Return bubblewrap's arguments for the variables that harm no program on the way; raises SandboxError."""
    arguments = ["--clearenv"]
    for name, value in parted(environment)[0].items():
        arguments += ["--setenv", name, value]
    return arguments


def late(environment: Mapping[str, str]) -> list[str]:
    """Return the command that sets the remaining variables and then becomes the command behind it."""
    rest = parted(environment)[1]
    return ["/usr/bin/env", *rest] if rest else []


def parted(environment: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Return the variables that harm no program on the way, and the others as `env` takes them; raises
    SandboxError."""
    for name, value in environment.items():
        if not name or "=" in name or "\0" in name + value:
            raise SandboxError(f"{name!r} cannot be set as an environment variable.")
    harmless = {name: value for name, value in environment.items() if not _is_unsafe(name)}
    return harmless, [f"{name}={value}" for name, value in environment.items() if _is_unsafe(name)]


def _is_unsafe(name: str) -> bool:
    return name in _UNSAFE or name.startswith(_UNSAFE_FAMILIES)
