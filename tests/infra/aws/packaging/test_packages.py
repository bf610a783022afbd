"""The functions' packages: what is in them, and that they are always the same."""

import shutil
from pathlib import Path
from zipfile import ZipFile

import pytest

from battleshiper.infra.aws.packaging.bytecode import find_python
from battleshiper.infra.aws.packaging.contents import FOLDERS
from battleshiper.infra.aws.packaging.packages import ROOT, Packages, build_packages
from battleshiper.infra.aws.stack.shapes import FunctionName, Package


@pytest.fixture(scope="module")
def libraries(tmp_path_factory) -> Path:
    """Return a stand-in for the folder with the libraries."""
    folder = tmp_path_factory.mktemp("libraries")
    contents = {
        "starlette/__init__.py": "",
        "starlette/tests/test_app.py": "",
        "starlette-1.0.dist-info/RECORD": "starlette/__init__.py,,\n",
        "starlette-1.0.dist-info/METADATA": "Version: 1.0\n",
        "githubkit/__init__.py": "",
        "githubkit-0.16.dist-info/RECORD": "githubkit/__init__.py,,\ngithubkit-0.16.dist-info/METADATA,,\n",
        "githubkit-0.16.dist-info/METADATA": "Version: 0.16\n",
        "boto3/__init__.py": "",
        "boto3-1.40.dist-info/RECORD": "boto3/__init__.py,,\n",
        "botocore/data/endpoints.json": "{}",
        "botocore/data/s3/2006-03-01/service-2.json.gz": "",
        "botocore/data/ec2/2016-11-15/service-2.json.gz": "",
    }
    for name, content in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return folder


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    """Return a copy of our sources, which nobody changes meanwhile."""
    copy = tmp_path_factory.mktemp("root")
    for name in FOLDERS:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
    return copy


@pytest.fixture(scope="module")
def packages(tmp_path_factory, libraries: Path, root: Path) -> Packages:
    """Return packages that were made once."""
    return build_packages(tmp_path_factory.mktemp("packages"), libraries, root)


def names(packages: Packages, package: Package) -> set[str]:
    """Return the files of a package, but for bytecode."""
    with ZipFile(packages.paths[package]) as archive:
        return {name for name in archive.namelist() if "__pycache__" not in name}


def test_twice_makes_the_same_bytes(tmp_path, packages: Packages, libraries: Path, root: Path) -> None:
    """Sources and libraries alone decide about a package's bytes, not when or where it was made."""
    again = build_packages(tmp_path / "elsewhere", libraries, root)
    for package in Package:
        assert packages.paths[package].read_bytes() == again.paths[package].read_bytes(), package


@pytest.mark.parametrize("package", Package)
def test_every_entry_point_is_there(packages: Packages, package: Package) -> None:
    """Each function finds its handler."""
    handlers = {f"battleshiper/infra/aws/handlers/{name}.py" for name in FunctionName}
    assert handlers <= names(packages, package)


@pytest.mark.parametrize("package", Package)
def test_nothing_is_there_that_no_function_runs(packages: Packages, package: Package) -> None:
    """No CDK, no command line, no stand-in, no test, no library's test, and no service that is not asked."""
    there = names(packages, package)
    unwanted = ("battleshiper/infra/aws/stack/", "battleshiper/infra/cli/", "battleshiper/infra/local/")
    assert [name for name in there if name.startswith(unwanted) or "/tests/" in name] == []
    assert "botocore/data/s3/2006-03-01/service-2.json.gz" in there
    assert "botocore/data/endpoints.json" in there
    assert "botocore/data/ec2/2016-11-15/service-2.json.gz" not in there
    assert "boto3/__init__.py" not in there


def test_only_one_package_speaks_to_github(packages: Packages) -> None:
    """The functions that people wait for at a push do not carry the library for GitHub."""
    assert "githubkit/__init__.py" in names(packages, Package.GITHUB)
    assert "githubkit/__init__.py" not in names(packages, Package.PLAIN)
    assert "starlette/__init__.py" in names(packages, Package.PLAIN)


@pytest.mark.skipif(find_python() is None, reason="there is no Python of Lambda's version here")
def test_modules_are_compiled_for_lambda(packages: Packages) -> None:
    """Each of our modules has bytecode that is never compared with the source (PEP 552: flags 1), and knows where it
    lies on Lambda."""
    with ZipFile(packages.paths[Package.PLAIN]) as archive:
        content = archive.read("battleshiper/infra/aws/__pycache__/variables.cpython-313.pyc")
    assert content[4:8] == b"\x01\0\0\0"
    assert b"/var/task/battleshiper/infra/aws/variables.py" in content
