"""What this machine has of what the platform needs."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from battleshiper.infra.local.kept_app import kept_app_path
from battleshiper.infra.local.serving import Listener, PortTakenError
from battleshiper.infra.local.settings import Settings
from battleshiper.platform.sandbox.bubblewrap import Bubblewrap

_MIN_NODE = 20


class Verdict(StrEnum):
    """How a check came out."""

    GOOD = "good"
    WEAK = "weak"
    """The platform works, but something is less safe or less able than it could be."""
    BAD = "bad"
    """The platform does not work like this."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was looked at, what was found, and what to do about it."""

    name: str
    verdict: Verdict
    found: str
    remedy: str = ""


def diagnose(settings: Settings) -> Iterator[Finding]:
    """Yield a finding for each thing the platform needs."""
    yield _program("git", "git", "Install git.")
    yield _node()
    yield _program("npm", "npm", "Install npm, which comes with Node.")
    yield _program("setpriv", "setpriv", "Install util-linux 2.33 or later: it ends builds when the platform dies.")
    yield from _sandbox(settings)
    yield _builds(settings)
    yield _data_directory(settings)
    yield _port("port", settings.host, settings.port)
    if settings.github is None:
        yield _port("stand-in port", "127.0.0.1", settings.github_port)
        yield Finding("GitHub", Verdict.GOOD, "no App is configured: the stand-in takes its place")
    else:
        yield Finding("GitHub", Verdict.GOOD, f"App {settings.github.app_id} at {settings.github.url}")
        if settings.github.private_key_file is not None:
            yield check_private("private key", settings.github.private_key_file)
        elif settings.github.is_kept:
            yield check_private("App's keys", kept_app_path(settings.data_dir))


def _program(name: str, command: str, remedy: str) -> Finding:
    version = _version(command)
    if version is None:
        return Finding(name, Verdict.BAD, "not found", remedy)
    return Finding(name, Verdict.GOOD, version)


def _node() -> Finding:
    version = _version("node")
    number = re.search(r"\d+", version or "")
    if version is None or number is None:
        return Finding("Node", Verdict.BAD, "not found", f"Install Node {_MIN_NODE} or later.")
    if int(number.group()) < _MIN_NODE:
        return Finding("Node", Verdict.BAD, version, f"Install Node {_MIN_NODE} or later.")
    return Finding("Node", Verdict.GOOD, f"{version} (builds bring the version that they ask for)")


def _sandbox(settings: Settings) -> Iterator[Finding]:
    sandbox = Bubblewrap()
    faults = sandbox.check()
    if not faults:
        yield Finding("sandbox", Verdict.GOOD, "bubblewrap works")
    for fault in faults:
        verdict = Verdict.WEAK if settings.unsafe_builds else Verdict.BAD
        yield Finding("sandbox", verdict, fault, "Without it, only --unsafe-builds builds.")
    for weakness in sandbox.weaknesses:
        yield Finding("sandbox", Verdict.WEAK, weakness)


def _builds(settings: Settings) -> Finding:
    found = f"{settings.concurrent_builds} at once, each up to {settings.builds}"
    wanted = settings.concurrent_builds * settings.builds.memory_mib
    there = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1024**2
    if wanted > there:
        remedy = (
            f"Together they may use {wanted:,} MiB of memory, and this machine has {there:,}: set "
            "BATTLESHIPER_CONCURRENT_BUILDS or BATTLESHIPER_BUILD_MEMORY_MIB."
        )
        return Finding("builds", Verdict.WEAK, found, remedy)
    return Finding("builds", Verdict.GOOD, found)


def _data_directory(settings: Settings) -> Finding:
    folder = settings.data_dir
    existing = next(parent for parent in (folder, *folder.parents) if parent.exists())
    if not os.access(existing, os.W_OK):
        return Finding("data", Verdict.BAD, f"{existing} cannot be written to", "Set BATTLESHIPER_DATA_DIR.")
    free = shutil.disk_usage(existing).free / 1024**3
    verdict = Verdict.GOOD if free >= 5 else Verdict.WEAK
    return Finding("data", verdict, f"{folder}, {free:.0f} GiB free", "" if free >= 5 else "Builds need a few GiB.")


def check_private(name: str, path: Path) -> Finding:
    """Return whether others than its owner may read a file that holds a secret."""
    try:
        mode = path.stat().st_mode & 0o777
    except OSError as error:
        return Finding(name, Verdict.WEAK, f"{path} cannot be looked at: {error.strerror}")
    if mode & 0o077:
        return Finding(name, Verdict.WEAK, f"others may read {path} (mode {mode:o})", f"Type: chmod 600 {path}")
    return Finding(name, Verdict.GOOD, f"only its owner reads {path}")


def _port(name: str, host: str, port: int) -> Finding:
    try:
        Listener(host, port).close()
    except PortTakenError as error:
        return Finding(name, Verdict.WEAK, str(error), "Fine if that is Battleshiper itself.")
    return Finding(name, Verdict.GOOD, f"{host}:{port} is free")


def _version(command: str) -> str | None:
    try:
        done = subprocess.run([command, "--version"], capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return next(iter(done.stdout.strip().splitlines()), None)
