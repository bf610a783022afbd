"""The checkout that is tested, as git sees it."""

import subprocess
from pathlib import Path

import pytest


class Checkout:
    """The files of this checkout that are committed, or would be by `git add`."""

    folders = ("bot", "build_runner", "edge", "infra", "platform", "webhooks")
    """The folders that are installed."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def files(self, *folders: str) -> list[str]:
        """Return the files in `folders` (in all without one) by their path from the root, sorted."""
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate", "--"]
        listed = subprocess.run([*command, *folders], cwd=self.root, capture_output=True, check=True).stdout
        names = (name for name in listed.decode().split("\0") if name)
        return sorted(name for name in names if (self.root / name).exists() or (self.root / name).is_symlink())


@pytest.fixture(scope="session")
def checkout() -> Checkout:
    """Return this checkout; skip the test where there is none, as in an unpacked source archive."""
    root = Path(__file__).parents[2]
    if not (root / ".git").exists():
        pytest.skip("not a git checkout")
    return Checkout(root)
