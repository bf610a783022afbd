"""Control groups: what a program and all it starts may use together (cgroups(7); version 1 and 2)."""

import itertools
import os
import re
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from battleshiper.platform.sandbox.port import ResourceLimits

_CONTROLLERS = ("memory", "pids", "cpu")
_PREFIX = "battleshiper"
_PERIOD_MICROSECONDS = 100_000
_REMOVAL_SECONDS = 2.0


class Cgroup:
    """One group, in one folder (version 2) or one folder for each controller (version 1). May be empty."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._folders = tuple(folders)

    def add(self, pid: int) -> None:
        """Put a process, and what it starts from now on, into the group; raises OSError."""
        for folder in self._folders:
            (folder / "cgroup.procs").write_text(str(pid))

    def out_of_memory(self) -> bool:
        """Tell whether the kernel ended a process of the group because its memory was used up."""
        return any(
            re.search(r"^oom_kill [1-9]", _read(folder / name), re.MULTILINE)
            for folder in self._folders
            for name in ("memory.events", "memory.oom_control")
        )

    def kill(self) -> None:
        """End every process of the group, where the kernel can do that by itself (version 2, Linux 5.14)."""
        for folder in self._folders:
            if (folder / "cgroup.kill").exists():
                with suppress(OSError):
                    (folder / "cgroup.kill").write_text("1")

    def remove(self) -> None:
        """Remove the group once its last process is gone. Safe to call again."""
        deadline = time.monotonic() + _REMOVAL_SECONDS
        for folder in self._folders:
            while folder.exists():
                try:
                    folder.rmdir()
                except OSError:
                    # The kernel lets go of an ended process a moment after its parent has seen the end.
                    if time.monotonic() > deadline:
                        break
                    time.sleep(0.005)


class Cgroups:
    """Makes groups below the platform's own, where the machine lets it.

    `controllers` tells what can be limited: any of `memory`, `pids` and `cpu`.
    """

    def __init__(
        self, mount: Path = Path("/sys/fs/cgroup"), membership: Path = Path("/proc/self/cgroup"), pid: int | None = None
    ) -> None:
        own = dict(_memberships(_read(membership)))
        self._unified = (mount / "cgroup.controllers").exists()
        self._pid = os.getpid() if pid is None else pid
        self._numbers = itertools.count(1)
        self._parents = _find_unified(mount, own.get("", "/")) if self._unified else _find_separate(mount, own)
        self.controllers = frozenset(self._parents)
        self._remove_forsaken()

    def create(self, limits: ResourceLimits) -> Cgroup:
        """Make a group with `limits`; raises OSError. Without any controller it is one that limits nothing."""
        folders = self._take_name()
        group = Cgroup(dict.fromkeys(folders.values()))
        try:
            for folder in list(dict.fromkeys(folders.values()))[1:]:
                folder.mkdir()
            for controller, folder in folders.items():
                self._limit(controller, folder, limits)
        except OSError:
            group.remove()
            raise
        return group

    def _take_name(self) -> dict[str, Path]:
        """Make the first controller's folder under a name that nobody in this process has, and return them all."""
        while True:
            name = f"{_PREFIX}-{self._pid}-{next(self._numbers)}"
            folders = {controller: parent / name for controller, parent in self._parents.items()}
            try:
                for folder in list(folders.values())[:1]:
                    folder.mkdir()
            except FileExistsError:
                continue
            return folders

    def _limit(self, controller: str, folder: Path, limits: ResourceLimits) -> None:
        if controller == "pids":
            (folder / "pids.max").write_text(str(limits.processes))
        elif controller == "memory":
            self._limit_memory(folder, str(limits.memory_bytes))
        elif limits.cpus is not None:
            quota = max(1000, int(limits.cpus * _PERIOD_MICROSECONDS))
            if self._unified:
                (folder / "cpu.max").write_text(f"{quota} {_PERIOD_MICROSECONDS}")
            else:
                (folder / "cpu.cfs_period_us").write_text(str(_PERIOD_MICROSECONDS))
                (folder / "cpu.cfs_quota_us").write_text(str(quota))

    def _limit_memory(self, folder: Path, limit: str) -> None:
        (folder / ("memory.max" if self._unified else "memory.limit_in_bytes")).write_text(limit)
        # Swap accounting is not in every kernel.
        for name, value in (("memory.swap.max", "0"), ("memory.memsw.limit_in_bytes", limit)):
            if (folder / name).exists():
                with suppress(OSError):
                    (folder / name).write_text(value)

    def _remove_forsaken(self) -> None:
        """Remove what a platform that was killed has left."""
        for parent in dict.fromkeys(self._parents.values()):
            for folder in parent.glob(f"{_PREFIX}-*-*"):
                owner = folder.name.split("-")[1]
                if owner.isdigit() and not Path("/proc", owner).exists():
                    with suppress(OSError):
                        folder.rmdir()


def _find_separate(mount: Path, own: dict[str, str]) -> dict[str, Path]:
    """Return a parent folder for each controller of version 1."""
    parents = {}
    for controller in _CONTROLLERS:
        folder = mount / controller / own.get(controller, "/").lstrip("/")
        if not folder.is_dir():  # a container sees the machine's path, but only its own part of the tree
            folder = mount / controller
        if (folder / "cgroup.procs").exists() and _takes_folders(folder):
            parents[controller] = folder
    return parents


def _find_unified(mount: Path, own: str) -> dict[str, Path]:
    """Return the nearest folder of version 2 above the platform that hands its controllers on."""
    folder = mount / own.lstrip("/")
    for parent in (folder, *folder.parents):
        if not parent.is_relative_to(mount):
            break
        controllers = set(_read(parent / "cgroup.subtree_control").split()) & set(_CONTROLLERS)
        if {"memory", "pids"} <= controllers and os.access(parent / "cgroup.procs", os.W_OK) and _takes_folders(parent):
            return dict.fromkeys(sorted(controllers), parent)
    return {}


def _takes_folders(parent: Path) -> bool:
    trial = parent / f"{_PREFIX}-{os.getpid()}-{time.monotonic_ns()}"
    try:
        trial.mkdir()
        trial.rmdir()
    except OSError:
        return False
    return True


def _memberships(text: str) -> Iterable[tuple[str, str]]:
    """Yield controller and path from the lines of /proc/self/cgroup; the unified tree's controller is empty."""
    for line in text.splitlines():
        _, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        for controller in controllers.split(","):
            yield controller, path


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
