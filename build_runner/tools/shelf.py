"""The shelf: tools by package and version, shared read-only by all builds of a machine."""

import fcntl
import json
import os
import shutil
import time
from pathlib import Path
from tempfile import mkdtemp

from battleshiper.build_runner.failure import BuildError
from battleshiper.build_runner.log.build_log import BuildLog
from battleshiper.build_runner.tools.registry import Registry
from battleshiper.platform.model.version import Version, parse_version

_FRESH_SECONDS = 24 * 3600
_KEPT_VERSIONS = 6
"""Of each package; the one unused for longest goes first."""
_BEING_INSTALLED = ".installing-"


class Shelf:
    """Installs a tool when it is first asked for. Several processes may ask at once; a crash leaves nothing half."""

    def __init__(self, folder: Path, registry: Registry, log: BuildLog) -> None:
        self._folder = folder
        self._registry = registry
        self._log = log
        self._in_use: list[int] = []

    def get(self, package: str, version: Version, name: str) -> Path:
        """Return the folder whose `node_modules` has the package; raises BuildError. `name` is for people."""
        place = self._folder / _file_name(package)
        place.mkdir(parents=True, exist_ok=True)
        target = place / str(version)
        # Held until this process ends, so that no other one removes a tool that is in use.
        self._in_use.append(_open_lock(_use_lock(target), fcntl.LOCK_SH))
        if not target.is_dir():
            self._install(package, version, name, target)
        return target

    def _install(self, package: str, version: Version, name: str, target: Path) -> None:
        place = target.parent
        lock = _open_lock(place / ".lock", fcntl.LOCK_EX)
        try:
            if target.is_dir():
                return
            for leftover in place.glob(f"{_BEING_INSTALLED}*"):
                shutil.rmtree(leftover, ignore_errors=True)
            self._log.say(f"Installing {name} {version} on this machine, which is done once")
            scratch = Path(mkdtemp(prefix=_BEING_INSTALLED, dir=place))
            try:
                self._registry.install(package, version, scratch)
                scratch.chmod(0o755)
                scratch.rename(target)
            finally:
                shutil.rmtree(scratch, ignore_errors=True)
            _remove_unused(place)
        finally:
            os.close(lock)

    def versions(self, package: str, *, fresh: bool = False) -> list[Version]:
        """Return the versions of a package, as known for at most a day unless `fresh`; raises BuildError."""
        remembered = self._folder / _file_name(package) / "versions.json"
        known, age = _recall(remembered)
        if known and age < _FRESH_SECONDS and not fresh:
            return known
        try:
            versions = self._registry.versions(package)
        except BuildError:
            if known:
                return known  # a registry that is away is no reason not to build
            raise
        remembered.parent.mkdir(parents=True, exist_ok=True)
        scratch = remembered.with_name(f"versions.{os.getpid()}.tmp")
        scratch.write_text(json.dumps([str(version) for version in versions]))
        scratch.replace(remembered)
        return versions


def _recall(path: Path) -> tuple[list[Version], float]:
    try:
        texts = json.loads(path.read_text())
        age = time.time() - path.stat().st_mtime
    except (OSError, ValueError):
        return [], 0.0
    return [version for text in texts if (version := parse_version(text))], age


def _remove_unused(place: Path) -> None:
    kept = [folder for folder in place.iterdir() if folder.is_dir() and parse_version(folder.name)]
    kept.sort(key=lambda folder: _use_lock(folder).stat().st_mtime if _use_lock(folder).exists() else 0.0)
    for folder in kept[:-_KEPT_VERSIONS]:
        try:
            lock = _open_lock(_use_lock(folder), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        # Out of sight in one step, so that nobody finds half a tool.
        going = folder.with_name(f"{_BEING_INSTALLED}{folder.name}")
        folder.rename(going)
        os.close(lock)
        shutil.rmtree(going, ignore_errors=True)


def _use_lock(target: Path) -> Path:
    return target.with_name(f".{target.name}.use")


def _open_lock(path: Path, kind: int) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, kind)
        os.utime(descriptor)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _file_name(package: str) -> str:
    return package.removeprefix("@").replace("/", "-")
