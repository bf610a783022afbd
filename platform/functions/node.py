"""Which Node runs a function: the one that built it, where this machine has it."""

import re
import shutil
import subprocess
from functools import cached_property
from pathlib import Path

from battleshiper.platform.model.function import FunctionFailedError

_Version = tuple[int, ...]


class Nodes:
    """Chooses among the machine's Node and those that builds have brought.

    `tools` is where the build runner keeps its tools: `<package>/<version>/node_modules/<package>/bin/node`.
    """

    def __init__(self, tools: Path | None = None) -> None:
        self._tools = tools

    def choose(self, wanted: str | None) -> Path:
        """Return the program for a package built with version `wanted`: that very version, else the newest of its
        major version, else the machine's own. Raises FunctionFailedError when there is none at all."""
        brought = self._brought()
        version = _parse(wanted) if wanted else ()
        if version in brought:
            return brought[version]
        if not version and self._own:
            return self._own[1]
        candidates = dict(brought)
        if self._own:
            candidates.setdefault(*self._own)
        same = [candidate for candidate in candidates if candidate[:1] == version[:1]]
        if same:
            return candidates[max(same)]
        if self._own:
            return self._own[1]
        if candidates:
            return candidates[max(candidates)]
        raise FunctionFailedError("There is no Node on this machine to run functions with: install Node 20 or later.")

    def _brought(self) -> dict[_Version, Path]:
        if self._tools is None:
            return {}
        found = self._tools.glob("node-*/*/node_modules/node-*/bin/node")
        return {version: path for path in found if (version := _parse(path.parents[3].name))}

    @cached_property
    def _own(self) -> tuple[_Version, Path] | None:
        program = shutil.which("node")
        if program is None:
            return None
        answer = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=30, check=False)
        return _parse(answer.stdout.strip().removeprefix("v")), Path(program).resolve()


def _parse(text: str) -> _Version:
    return tuple(int(part) for part in text.split(".")) if re.fullmatch(r"\d+\.\d+\.\d+", text) else ()
