"""Starts of fresh processes, with the content of a function's package or with what functions are usually made of.

The libraries are this Python's instead of Lambda's, and all is compiled ahead. A process finds no other library.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from battleshiper.infra.aws.packaging.bytecode import compile_folder
from battleshiper.infra.aws.packaging.installed import lay_out_installed
from battleshiper.infra.aws.packaging.packages import REQUIREMENTS, lay_out_package
from battleshiper.infra.aws.stack.shapes import Package

MEASURED = """
import time; start = time.perf_counter()
import {0}
took = (time.perf_counter() - start) * 1000
print(took, open("/proc/self/status").read().partition("VmHWM:")[2].split()[0])
"""
"""A program that imports, and prints milliseconds and KiB."""
_USUAL = MEASURED.format("starlette.applications, mangum, pydantic, boto3, githubkit")


class Starts:
    """Lays out in an empty folder what starts, and measures starts: each in milliseconds, and the KiB it took."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._usual = folder / "usual"
        lay_out_installed(REQUIREMENTS, self._usual)

    def lay_out(self, package: Package) -> Path:
        """Return a folder with what is in a package."""
        folder = self._folder / package
        lay_out_package(package, folder, self._usual, sys.executable)
        return folder

    def compile_usual(self) -> None:
        """Compile the other side. Packages are laid out before that, from sources."""
        compile_folder(sys.executable, self._usual)

    def ours(
        self, folder: Path, program: list[str], environment: Mapping[str, str], given: str = ""
    ) -> tuple[float, float]:
        """Start a program that prints milliseconds and KiB, with what is in a package."""
        return _run(program, {**environment, "PYTHONPATH": str(folder)}, given)

    def usual(self) -> tuple[float, float]:
        """Import what functions are usually made of."""
        return _run(["-c", _USUAL], {"PYTHONPATH": str(self._usual)}, "")


def _run(program: list[str], environment: Mapping[str, str], given: str) -> tuple[float, float]:
    done = subprocess.run(
        [sys.executable, "-S", "-P", *program],
        env={"PATH": os.defpath, **environment},
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise AssertionError(done.stderr)
    took, kept = done.stdout.split()[-2:]
    return float(took), float(kept)
