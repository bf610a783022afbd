"""How a function's process is started."""

import shutil
from collections.abc import Callable
from pathlib import Path

from battleshiper.platform.functions.node import built_with
from battleshiper.platform.sandbox.port import Bind, Command, Network, Process, ResourceLimits, Sandbox

_FILE_BYTES = 256 * 1024**2
_PROCESSES = 64
_ENVIRONMENT = {
    "HOME": "/tmp",  # noqa: S108 - the sandbox's own
    "LANG": "C.UTF-8",
    "NODE_ENV": "production",
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "TMPDIR": "/tmp",  # noqa: S108 - the sandbox's own
    "TZ": "UTC",
}


class Program:
    """Runs packages under the bootstrap, a folder with `local.mjs`, copied to `copy` so that everybody may read it.

    `node` returns the Node to use for a package by the version that built it, where that is known.
    """

    def __init__(
        self, sandbox: Sandbox, bootstrap: Path, copy: Path, node: Callable[[str | None], Path], *, memory_bytes: int
    ) -> None:
        self._sandbox = sandbox
        self._bootstrap = copy
        self._node = node
        self._limits = ResourceLimits(memory_bytes, _PROCESSES, _FILE_BYTES)
        # The garbage collector has to know: it cannot see the sandbox's limit, and the rest of Node needs some too.
        self._heap_megabytes = memory_bytes * 3 // 4 // 1024**2
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir(parents=True)
        copy.chmod(0o755)
        for script in bootstrap.glob("*.mjs"):
            target = shutil.copyfile(script, copy / script.name)
            target.chmod(0o644)

    def expect(self) -> None:
        """Make ready for a launch that follows at once."""
        self._sandbox.expect()

    def launch(self, package: Path, listener: int, output: int) -> Process:
        """Start a package; raises SandboxError or FunctionFailedError."""
        node = self._node(built_with(package))
        # What is shown keeps its place, so that a sandbox that cannot move things will do, and errors can be followed.
        command = Command(
            arguments=(
                str(node),
                f"--max-old-space-size={self._heap_megabytes}",
                str(self._bootstrap / "local.mjs"),
                str(package),
            ),
            directory=str(package),
            limits=self._limits,
            environment=_ENVIRONMENT,
            binds=tuple(Bind(path, str(path)) for path in (package, self._bootstrap, node)),
            network=Network.INTERNET,
        )
        return self._sandbox.start(command, stdin=listener, stdout=output, stderr=output)
