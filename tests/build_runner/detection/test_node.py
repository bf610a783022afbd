"""The choice of a Node version."""

from pathlib import Path

import pytest

from battleshiper.build_runner.detection.node import choose_node, node_wishes
from battleshiper.build_runner.detection.package import Package
from battleshiper.build_runner.failure import BuildError
from battleshiper.build_runner.tree import CheckoutTree
from battleshiper.platform.model.version import Version, parse_version

AVAILABLE = [
    version
    for text in "16.20.2 18.20.8 20.11.1 20.20.2 21.7.3 22.12.0 22.23.3 23.11.1 24.4.0 24.21.0 25.9.0 26.10.0".split()
    if (version := parse_version(text))
]


def chosen(tmp_path: Path, files: dict[str, str], *, engines: str = "", settings: str | None = None) -> str:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    wishes = node_wishes(
        CheckoutTree(tmp_path), ["web", ""], settings, "battleshiper.toml", Package(node_range=engines)
    )
    return str(choose_node(wishes, AVAILABLE)[0])


def test_the_default_is_the_newest_of_the_supported_line(tmp_path: Path) -> None:
    """A repository that says nothing gets the default line's newest."""
    assert chosen(tmp_path, {}) == "24.21.0"


@pytest.mark.parametrize(
    ("engines", "expected"),
    [(">=18", "24.21.0"), ("^20.3 || ^22", "22.23.3"), (">=18 <24", "22.23.3"), ("25", "25.9.0"), (">24", "26.10.0")],
)
def test_engines_narrow_the_choice(tmp_path: Path, engines: str, expected: str) -> None:
    """The default line where it fits, else the newest with long-term support, else the newest."""
    assert chosen(tmp_path, {}, engines=engines) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("v20.11.1\n", "20.11.1"),
        ("22", "22.23.3"),
        ("lts/jod", "22.23.3"),
        ("lts/*", "24.21.0"),
        ("# c\n20", "20.20.2"),
    ],
)
def test_nvmrc_is_followed(tmp_path: Path, text: str, expected: str) -> None:
    """Versions, lines and names as nvm knows them."""
    assert chosen(tmp_path, {".nvmrc": text}) == expected


def test_the_nearest_file_counts(tmp_path: Path) -> None:
    """The site's own file goes before the repository's."""
    assert chosen(tmp_path, {".node-version": "20", "web/.node-version": "22"}) == "22.23.3"


def test_a_pin_within_engines_is_followed(tmp_path: Path) -> None:
    """A wide range in package.json leaves room for .nvmrc."""
    assert chosen(tmp_path, {".nvmrc": "20"}, engines=">=18") == "20.20.2"


def test_engines_win_over_a_pin_that_contradicts_them(tmp_path: Path) -> None:
    """The losing wish is noted."""
    (tmp_path / ".nvmrc").write_text("20")
    wishes = node_wishes(CheckoutTree(tmp_path), [""], None, "battleshiper.toml", Package(node_range=">=22"))
    version, notes = choose_node(wishes, AVAILABLE)
    assert version == Version(24, 21, 0)
    assert len(notes) == 1
    assert ".nvmrc asks for Node 20" in notes[0]


def test_the_settings_win_over_all(tmp_path: Path) -> None:
    """battleshiper.toml is the last word."""
    assert chosen(tmp_path, {".nvmrc": "20"}, engines=">=22", settings="18") == "18.20.8"


@pytest.mark.parametrize("text", ["16", "99", "foo", "lts/nonesuch"])
def test_what_cannot_be_had_is_refused(tmp_path: Path, text: str) -> None:
    """Too old, unknown or nonsense: the message names who asks for it."""
    with pytest.raises(BuildError, match=r"\.nvmrc asks for"):
        chosen(tmp_path, {".nvmrc": text})


def test_a_linked_nvmrc_is_refused(tmp_path: Path) -> None:
    """A link to a file of the machine is not read."""
    (tmp_path / ".nvmrc").symlink_to("/etc/passwd")
    with pytest.raises(BuildError, match="symbolic link"):
        chosen(tmp_path, {})
