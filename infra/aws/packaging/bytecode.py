"""Compiles packages ahead, so that no start of a function has to: Lambda's file system keeps nothing."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from battleshiper.infra.aws.packaging.libraries import PYTHON

ON_LAMBDA = "/var/task"
"""Where a package lies there; tracebacks name its files."""


def find_python() -> str | None:
    """Return a Python of Lambda's version, which alone can compile for it; None where there is none."""
    return next((found for found in _candidates() if _is_fitting(found)), None)


def compile_folder(python: str, folder: Path) -> None:
    """Put bytecode beside every module in a folder. It is never compared with its source, whose time may be any."""
    subprocess.run(
        [
            *(python, "-m", "compileall", "-q", "-j", "1", "--invalidation-mode", "unchecked-hash"),
            *("-s", str(folder), "-p", ON_LAMBDA, str(folder)),
        ],
        # The order of what is in a set must not be another one each time.
        env={"PYTHONHASHSEED": "0", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        # A library may have a file for a later Python. It runs, or fails, as it would uncompiled.
        check=False,
    )


def _candidates() -> Iterator[str]:
    yield sys.executable
    if found := shutil.which(f"python{PYTHON}"):
        yield found
    versions = Path.home() / ".pyenv" / "versions"
    yield from (str(path) for path in sorted(versions.glob(f"{PYTHON}.*/bin/python{PYTHON}"), reverse=True))
    uv = Path.home() / ".local" / "share" / "uv" / "python"
    yield from (str(path) for path in sorted(uv.glob(f"cpython-{PYTHON}.*/bin/python{PYTHON}"), reverse=True))


def _is_fitting(python: str) -> bool:
    asked = "import sys; print('.'.join(map(str, sys.version_info[:2])))"
    said = subprocess.run([python, "-c", asked], capture_output=True, text=True, check=False)
    return said.stdout.strip() == PYTHON
