"""`make` explains itself."""

import re
import subprocess


def test_help_is_what_make_does_alone(checkout) -> None:
    """`make` without a target lists every target with what it does, and does nothing else."""
    said = subprocess.run(["make"], cwd=checkout.root, capture_output=True, text=True, check=True).stdout
    declared = re.search(r"^\.PHONY: (.*)$", (checkout.root / "Makefile").read_text(), re.MULTILINE)
    assert declared is not None
    listed = re.findall(r"make \x1b\[1m([a-z-]+) *\x1b\[0m \w", said)
    assert sorted(listed) == sorted(declared.group(1).split())
