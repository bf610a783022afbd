"""The toolbox: Node and package managers as one build wants them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from battleshiper.build_runner.detection.node import NodeWish, choose_node
from battleshiper.build_runner.detection.package_manager import Installation, Manager, npm_range
from battleshiper.build_runner.failure import BuildError
from battleshiper.build_runner.log.build_log import BuildLog
from battleshiper.build_runner.tools.shelf import Shelf
from battleshiper.platform.model.result import FailureCode
from battleshiper.platform.model.version import Range, Version

_ARCHITECTURES = {"x86_64": "x64", "aarch64": "arm64"}
_BUN_ARCHITECTURES = {"x86_64": "x64", "aarch64": "aarch64"}
_LINKED = "node_modules/.bin"


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool on the machine: a folder to show to the build, and where in it the programs are."""

    name: str
    folder: Path
    programs: str


@dataclass(frozen=True, slots=True)
class Toolbox:
    """What one build has at hand, in the order of its search path."""

    tools: tuple[Tool, ...]
    node: Version
    manager: str
    """Name and version of the package manager; empty without one."""


class Toolboxes:
    """Puts toolboxes together from the shelf. `machine` is the architecture as `uname -m` tells it."""

    def __init__(self, shelf: Shelf, log: BuildLog, *, machine: str, has_avx2: bool) -> None:
        self._shelf = shelf
        self._log = log
        self._machine = machine
        self._has_avx2 = has_avx2

    def pack(self, wishes: Sequence[NodeWish], installation: Installation | None) -> Toolbox:
        """Return the tools for a build; raises BuildError when a version cannot be had."""
        package = f"node-linux-{self._architecture(_ARCHITECTURES)}"
        node = self._choose_node(package, wishes)
        # First, so that a manager's own dependencies never hide a program: only Node's folder has `node`.
        tools = [Tool("node", self._shelf.get(package, node, "Node"), f"node_modules/{package}/bin")]
        manager = ""
        if installation and installation.manager is not Manager.NPM:
            tool, version = self._manager(installation.manager, installation.versions)
            tools.append(tool)
            manager = f"{installation.manager.program} {version}"
        pinned = installation and installation.manager is Manager.NPM and installation.versions.text != "*"
        npm, version = self._npm(installation.versions if installation and pinned else npm_range(node))
        tools.append(npm)
        if installation and not manager:
            manager = f"npm {version}"
        return Toolbox(tuple(tools), node, manager)

    def _choose_node(self, package: str, wishes: Sequence[NodeWish]) -> Version:
        try:
            version, notes = choose_node(wishes, self._shelf.versions(package))
        except BuildError:
            version, notes = choose_node(wishes, self._shelf.versions(package, fresh=True))
        for note in notes:
            self._log.say(note)
        return version

    def _npm(self, wanted: Range) -> tuple[Tool, Version]:
        version = self._newest("npm", wanted)
        return Tool("npm", self._shelf.get("npm", version, "npm"), _LINKED), version

    def _manager(self, manager: Manager, wanted: Range) -> tuple[Tool, Version]:
        match manager:
            case Manager.BUN:
                baseline = "" if self._has_avx2 or self._machine != "x86_64" else "-baseline"
                package = f"@oven/bun-linux-{self._architecture(_BUN_ARCHITECTURES)}{baseline}"
                programs = f"node_modules/{package}/bin"
            case Manager.YARN:
                package, programs = "@yarnpkg/cli-dist", _LINKED
            case _:
                package, programs = manager.program, _LINKED
        version = self._newest(package, wanted)
        return Tool(manager.program, self._shelf.get(package, version, manager.program), programs), version

    def _newest(self, package: str, wanted: Range) -> Version:
        for fresh in (False, True):
            fitting = [version for version in self._shelf.versions(package, fresh=fresh) if version in wanted]
            if fitting:
                return max(fitting)
        raise BuildError(
            FailureCode.SETTINGS,
            f"There is no {package} of version {wanted.text}.",
            "Correct packageManager in package.json.",
        )

    def _architecture(self, names: dict[str, str]) -> str:
        if self._machine not in names:
            raise BuildError(FailureCode.PLATFORM, f"There is no Node for this machine's architecture {self._machine}.")
        return names[self._machine]
