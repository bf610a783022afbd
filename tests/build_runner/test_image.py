"""The image in which builds run on AWS: what its Dockerfile says, tried without Docker."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from battleshiper.build_runner.configuration import SandboxKind, read_configuration, sandbox_kind

REPOSITORY = Path(__file__).parents[2]
DOCKERFILE = (REPOSITORY / "build_runner/Dockerfile").read_text()


def environment() -> dict[str, str]:
    """The variables that the image sets."""
    (block,) = re.findall(r"^ENV (.*?[^\\])$", DOCKERFILE, re.MULTILINE | re.DOTALL)
    return dict(pair.split("=", 1) for pair in block.replace("\\\n", " ").split())


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """What the image has of ours, put together as the Dockerfile does."""
    for source, target in re.findall(
        r"^COPY ((?:build_runner|platform)\S*) /opt/battleshiper/(\S+)$", DOCKERFILE, re.M
    ):
        shutil.copytree(REPOSITORY / source, tmp_path / target)
    return tmp_path


def run(installed: Path, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run Python with what is installed and the packages beside it, and nothing of this checkout."""
    begin = (
        "import runpy, sys\n"
        f"sys.path[:0] = [{str(installed)!r}, {sysconfig.get_paths()['purelib']!r}]\n"
        f"sys.argv = {list(arguments)!r}\n"
        "runpy.run_module(sys.argv[0], run_name='__main__', alter_sys=True)\n"
    )
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", begin],
        env=variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_runner_has_all_it_imports(installed: Path) -> None:
    """It starts with what the image has of ours, and misses nothing but its orders."""
    done = run(installed, "battleshiper.build_runner")
    assert done.returncode == 2, done.stderr
    assert "BATTLESHIPER_CLAIM_URL" in done.stdout


def test_the_image_says_all_but_the_claim(tmp_path: Path) -> None:
    """Together with what the builder submits, the environment is complete, and its sandbox is the container's."""
    told = environment()
    assert sandbox_kind(told) is SandboxKind.CONTAINER
    claim = {"BATTLESHIPER_CLAIM_URL": "https://x", "BATTLESHIPER_CLAIM": "c"}
    read_configuration({**told, **claim, "BATTLESHIPER_WORK_DIR": str(tmp_path)})
    assert f"{told['BATTLESHIPER_WORK_DIR']} {told['BATTLESHIPER_CACHE_DIR']}" in DOCKERFILE


def test_what_is_copied_is_in_the_context() -> None:
    """And what is not, such as a folder with data in it, never leaves the machine."""
    ignored = (REPOSITORY / "build_runner/Dockerfile.dockerignore").read_text().splitlines()
    copied = re.findall(r"^COPY (?!--from)(\S+)", DOCKERFILE, re.MULTILINE)
    assert ignored[0] == "*"
    assert {line[1:] for line in ignored if line.startswith("!")} == set(copied)


def test_packages_are_pinned_with_checksums() -> None:
    """As everywhere."""
    assert "--require-hashes" in DOCKERFILE
    assert "--no-deps" in DOCKERFILE


@pytest.mark.registry
def test_tools_are_put_on_the_shelf_ahead(installed: Path, tmp_path: Path) -> None:
    """Node and npm of a build without wishes, so that most builds find them there."""
    done = run(installed, "battleshiper.build_runner.tools", str(tmp_path / "tools"), **os.environ)
    assert done.returncode == 0, done.stdout
    assert list((tmp_path / "tools").glob("node-linux-*/*/node_modules/*/bin/node"))
    assert list((tmp_path / "tools").glob("npm/*/node_modules/.bin/npm"))
