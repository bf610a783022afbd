"""Brings the libraries of our functions, as they are built for Lambda, without Docker."""

import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

PYTHON = "3.13"
"""Lambda's Python that our functions run on."""
_UV_PLATFORM = "aarch64-manylinux_2_28"
_PIP_PLATFORMS = ("manylinux_2_28_aarch64", "manylinux_2_17_aarch64", "manylinux2014_aarch64")
"""What Amazon Linux 2023 on Graviton runs, which has glibc 2.34."""


class LibrariesError(Exception):
    """The libraries could not be brought; the message has what the installer said."""


def bring_libraries(requirements: Path, cache: Path) -> Path:
    """Return a folder with what a file of pinned, hashed requirements names, in wheels for Lambda.

    What was brought once for the same requirements is taken from `cache`. Raises LibrariesError.
    """
    key = sha256(f"{PYTHON} {_UV_PLATFORM}\n".encode() + requirements.read_bytes()).hexdigest()[:24]
    folder = cache / key
    if folder.is_dir():
        return folder
    half = cache / f"{key}.half"
    shutil.rmtree(half, ignore_errors=True)
    cache.mkdir(parents=True, exist_ok=True)
    said = _run(_uv(requirements, half))
    if said.returncode:
        # uv is faster, but only pip may have been told where packages come from.
        shutil.rmtree(half, ignore_errors=True)
        said = _run(_pip(requirements, half))
    if said.returncode:
        raise LibrariesError(f"The functions' libraries cannot be brought:\n{said.stderr.strip()}")
    half.rename(folder)
    return folder


def _uv(requirements: Path, target: Path) -> list[str]:
    uv = Path(sys.executable).with_name("uv")
    return [
        *(str(uv) if uv.exists() else "uv", "pip", "install", "--quiet", "--no-deps", "--target", str(target)),
        *("--python-platform", _UV_PLATFORM, "--python-version", PYTHON, "--only-binary", ":all:"),
        *("--require-hashes", "-r", str(requirements)),
    ]


def _pip(requirements: Path, target: Path) -> list[str]:
    platforms = [argument for platform in _PIP_PLATFORMS for argument in ("--platform", platform)]
    return [
        *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"),
        *("--target", str(target), *platforms, "--python-version", PYTHON, "--implementation", "cp"),
        *("--only-binary", ":all:", "--require-hashes", "-r", str(requirements)),
    ]


def _run(command: list[str]) -> "subprocess.CompletedProcess[str]":
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        return subprocess.CompletedProcess(command, 1, "", str(error))
