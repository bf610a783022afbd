"""The pinned requirements are what pyproject.toml asks for."""

import re
import tomllib

import pytest

FILES = ["runner", "local", "dev", "install"]


@pytest.mark.parametrize("file", FILES)
def test_everything_asked_for_is_pinned(checkout, file: str) -> None:
    """Every dependency is in the compiled file."""
    pyproject = tomllib.loads((checkout.root / "pyproject.toml").read_text())
    asked = {
        "runner": pyproject["project"]["dependencies"],
        **pyproject["project"]["optional-dependencies"],
        "install": pyproject["build-system"]["requires"],
    }[file]
    names = {re.split(r"[\[<>=~! ]", dependency)[0] for dependency in asked}
    assert names <= set(_pins(checkout, file))


@pytest.mark.parametrize("file", FILES)
def test_every_pin_has_a_checksum(checkout, file: str) -> None:
    """No package can be swapped on the way."""
    assert [name for name, pin in _pins(checkout, file).items() if "--hash=sha256:" not in pin] == []


@pytest.mark.parametrize("file", FILES)
def test_all_files_pin_the_same_versions(checkout, file: str) -> None:
    """The files are installed one over the other, so a package has the same version in each."""
    everything = _pins(checkout, "dev") | _pins(checkout, "local")
    assert {name for name, pin in _pins(checkout, file).items() if everything.get(name, pin) != pin} == set()


def _pins(checkout, file: str) -> dict[str, str]:
    """Return each package of a file with its version, its condition and its checksums."""
    text = (checkout.root / "requirements" / f"{file}.txt").read_text()
    blocks = re.split(r"\n(?=\S)", text.strip())
    return {block.split("==")[0]: block for block in blocks}
