"""Which Node runs a function: the one that built it, where this machine has it."""

import re
import shutil
from pathlib import Path

from battleshiper.platform.model.function import FunctionFailedError

_VERSION = re.compile(r"\d{1,3}\.\d{1,5}\.\d{1,5}")
VERSION_FILE = "node-version"
"""Where in a package our adapter notes which Node has made it."""
VERSION_BYTES = 64
"""No such note is longer."""

_Version = tuple[int, ...]


class Nodes:
    """Chooses among the machine's own Node and those that builds have brought.

    `tools` is where the build runner keeps its tools: `<package>/<version>/node_modules/<package>/bin/node`.
    """

    def __init__(self, tools: Path | None = None) -> None:
        self._tools = tools

    def choose(self, wanted: str | None) -> Path:
        """Return the program for a package that was built with version `wanted`: this very version, else the newest
        of the same major version, else the machine's own. Raises FunctionFailedError when there is none at all."""
        brought = self._brought()
        if wanted is not None:
            version = _parse(wanted)
            alike = [other for other in brought if other[0] == version[0]]
            if alike:
                return brought[version if version in brought else max(alike)]
        own = shutil.which("node")
        if own is not None:
            return Path(own).resolve()
        if brought:
            return brought[max(brought)]
        raise FunctionFailedError(
            "There is no Node.js on this machine to run functions with. Install Node.js 22 or newer."
        )

    def _brought(self) -> dict[_Version, Path]:
        if self._tools is None:
            return {}
        found = self._tools.glob("node-*/*/node_modules/node-*/bin/node")
        return {_parse(path.parents[3].name): path for path in found if _VERSION.fullmatch(path.parents[3].name)}


def built_with(package: Path) -> str | None:
    """Return the version of Node that made an unpacked package, as our adapter notes it, or None."""
    try:
        with (package / VERSION_FILE).open("rb") as file:
            return read_version(file.read(VERSION_BYTES))
    except OSError:
        return None


def read_version(note: bytes) -> str | None:
    """Return the version of Node in a note, or None."""
    try:
        version = note.decode("ascii").strip()
    except ValueError:
        return None
    return version if _VERSION.fullmatch(version) else None


def _parse(version: str) -> _Version:
    return tuple(int(part) for part in version.split("."))
