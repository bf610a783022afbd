"""Each function finds in its own package all that it loads, and has nothing else to find it in."""

import os
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

from battleshiper.infra.aws.packaging.installed import lay_out_installed
from battleshiper.infra.aws.packaging.packages import REQUIREMENTS, lay_out_package
from battleshiper.infra.aws.stack.shapes import SHAPES, FunctionName, Package
from battleshiper.infra.aws.variables import Variable

HANDLERS = "battleshiper.infra.aws.handlers"
FOLDERS = ("bot", "edge", "infra", "platform", "webhooks")
TOLD = {
    **{name.value: "1" for name in Variable},
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "PATH": os.defpath,
    "PYTHONDONTWRITEBYTECODE": "1",
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[Package, Path]:
    """Return a folder for each package with what is in it, the libraries being those of this Python."""
    made = tmp_path_factory.mktemp("packages")
    lay_out_installed(REQUIREMENTS, made / "libraries")
    for package in Package:
        lay_out_package(package, made / package, made / "libraries", None)
    return {package: made / package for package in Package}


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    """Return who imports whom, also within functions, but not for types alone."""
    return grimp.build_graph(
        *(f"battleshiper.{folder}" for folder in FOLDERS),
        include_external_packages=True,
        exclude_type_checking_imports=True,
        cache_dir=None,
    )


def load(name: FunctionName, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Import an entry point where there is nothing but Python's own library and a folder."""
    statement = f"import {HANDLERS}.{name} as made; print(made.__file__)"
    return subprocess.run(
        [sys.executable, "-S", "-P", "-c", statement],
        env={**TOLD, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", FunctionName)
def test_an_entry_point_loads_from_its_package(folders: dict[Package, Path], name: FunctionName) -> None:
    """Nothing that it imports is left out of its package."""
    folder = folders[SHAPES[name].package]
    done = load(name, folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(folder)), "it was loaded from elsewhere"


@pytest.mark.parametrize("name", FunctionName)
def test_what_loads_later_is_there_too(
    folders: dict[Package, Path], graph: grimp.ImportGraph, name: FunctionName
) -> None:
    """Libraries that our code imports with the first call are in the package as well."""
    reached = graph.find_upstream_modules(f"{HANDLERS}.{name}")
    wanted = {each.partition(".")[0] for each in reached} - {"battleshiper"} - set(sys.stdlib_module_names)
    assert wanted, "each of them needs some library"
    there = {path.name.partition(".")[0] for path in folders[SHAPES[name].package].iterdir()}
    assert wanted - there == set()


def test_the_small_package_does_not_do_for_all(folders: dict[Package, Path], graph: grimp.ImportGraph) -> None:
    """The test above can fail: what speaks to GitHub would miss its library in the other package."""
    reached = graph.find_upstream_modules(f"{HANDLERS}.{FunctionName.REPORT}")
    assert "githubkit" in reached
    assert not (folders[Package.PLAIN] / "githubkit").exists()


@pytest.mark.parametrize("library", ["mangum", "cryptography", "botocore"])
def test_a_library_that_is_left_out_is_missed(folders: dict[Package, Path], tmp_path: Path, library: str) -> None:
    """The tests above can fail: without a library that it needs, an entry point does not load."""
    for path in folders[Package.PLAIN].iterdir():
        (tmp_path / path.name).symlink_to(path)
    (tmp_path / library).unlink()
    done = load(FunctionName.WEBHOOK, tmp_path)
    assert done.returncode != 0
    assert f"No module named '{library}'" in done.stderr


@pytest.mark.parametrize("package", Package)
def test_routes_can_be_signed(folders: dict[Package, Path], package: Package) -> None:
    """CloudFront's KeyValueStore takes SigV4A alone, for which botocore needs AWS's runtime and does not say so."""
    statement = "import sys; from botocore.compat import HAS_CRT; sys.exit(not HAS_CRT)"
    environment = {**TOLD, "PYTHONPATH": str(folders[package])}
    subprocess.run([sys.executable, "-S", "-P", "-c", statement], env=environment, check=True)
