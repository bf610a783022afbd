"""What is installed is what is in the tree."""

import subprocess
import sys
import tarfile
from pathlib import Path
from zipfile import ZipFile

import pytest


def test_wheel_holds_the_six_folders(checkout, tmp_path: Path) -> None:
    """A wheel has every file of the six folders, below `battleshiper`, and nothing else."""
    assert _contents(_build("wheel", checkout.root, tmp_path)) == _expected(checkout)


def test_sdist_builds_the_same_wheel(checkout, tmp_path: Path) -> None:
    """What is published as source builds the same wheel, and brings the tests."""
    with tarfile.open(_build("sdist", checkout.root, tmp_path / "sdist")) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    (source,) = (tmp_path / "unpacked").iterdir()
    assert _contents(_build("wheel", source, tmp_path / "wheel")) == _expected(checkout)
    assert [name for name in checkout.files("tests") if not (source / name).is_file()] == []


@pytest.mark.parametrize("folder", ["platform", "src", "src/battleshiper"])
def test_namespaces_have_no_module(checkout, folder: str) -> None:
    """No `__init__.py` hides Python's own `platform` module or closes the namespace."""
    assert not (checkout.root / folder / "__init__.py").exists()


def test_every_folder_is_linked(checkout) -> None:
    """`src/battleshiper` shows exactly the six folders to tools that work on the tree."""
    links = {link.name: link.readlink() for link in (checkout.root / "src" / "battleshiper").iterdir()}
    assert links == {folder: Path("../..") / folder for folder in checkout.folders}


def _build(target: str, project: Path, into: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(into)]
    subprocess.run(command, cwd=project, check=True, capture_output=True)
    (built,) = into.iterdir()
    return built


def _contents(wheel: Path) -> list[str]:
    with ZipFile(wheel) as archive:
        return sorted(name for name in archive.namelist() if ".dist-info/" not in name)


def _expected(checkout) -> list[str]:
    return [f"battleshiper/{name}" for name in checkout.files(*checkout.folders)]
