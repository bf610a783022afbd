"""What is committed says nothing that belongs to one machine, and stays small."""

import json
import re

DOWNLOADS = re.compile(
    rb"registry\.(?:npmjs|yarnpkg)\.|npm\.pkg\.github\.|pypi\.org|pythonhosted\.|deb\.debian\.|"
    rb"--(?:extra-)?index-url\s*[=\s]\s*[\"']?\w+:|[\"']resolved[\"']\s*:\s*[\"']\w+:"
)
ONE_MACHINE = re.compile(rb"/(?:home|Users)/\w+/\w")
SOURCE = (".css", ".html", ".js", ".mjs", ".py", ".sh", ".sql", ".svelte")
LARGEST, LARGEST_TEST = 300, 450
"""Lines of one file. A longer one has more than one idea; cases of one idea may be many."""


def test_no_file_names_a_place_to_download_from(checkout) -> None:
    """Where packages come from is the machine's business: no file, lockfiles included, names an index."""
    assert _matches(checkout, DOWNLOADS) == []


def test_no_file_names_a_home_directory(checkout) -> None:
    """No file has a path of the machine it was written on."""
    assert _matches(checkout, ONE_MACHINE) == []


def test_the_search_finds_what_it_looks_for() -> None:
    """The patterns match the lines that package managers write."""
    host = b"registry." + b"npmjs.org"
    assert DOWNLOADS.search(b'"version": "' + host + b'/kleur/-/kleur-4.1.5.tgz"')
    assert DOWNLOADS.search(b'"resolved"' + b': "https://packages.example.org/kleur.tgz"')
    assert DOWNLOADS.search(b"--index-url" + b" https://packages.example.org/simple")
    assert not DOWNLOADS.search(b'"resolved": true, "link": true')
    assert ONE_MACHINE.search(b"/home" + b"/ada/battleshiper")


def test_source_files_are_small(checkout) -> None:
    """No source file has more lines than one idea takes."""
    sources = [name for name in checkout.files() if name.endswith(SOURCE)]
    lengths = {name: len((checkout.root / name).read_bytes().splitlines()) for name in sources}
    limits = {name: LARGEST_TEST if name.startswith("tests/") else LARGEST for name in sources}
    assert {name: length for name, length in lengths.items() if length > limits[name]} == {}


def test_lockfiles_lock(checkout) -> None:
    """Every package.json with dependencies has a lockfile with a checksum for each package."""
    for name in checkout.files():
        file = checkout.root / name
        if file.name == "package.json" and {"dependencies", "devDependencies"} & json.loads(file.read_text()).keys():
            packages = json.loads(file.with_name("package-lock.json").read_text())["packages"]
            loose = [each for each, entry in packages.items() if each and not {"integrity", "link"} & entry.keys()]
            assert loose == [], name


def _matches(checkout, pattern: re.Pattern[bytes]) -> list[str]:
    contents = ((name, checkout.root / name) for name in checkout.files())
    return [name for name, path in contents if path.is_file() and pattern.search(path.read_bytes())]
