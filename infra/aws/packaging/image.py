"""What the image that builds run in is made from."""

import shutil
from pathlib import Path

DOCKERFILE = "build_runner/Dockerfile"
_COPIED = ("build_runner", "platform/model", "platform/sandbox", "requirements/runner.txt")
"""What the Dockerfile copies, from the checkout's root."""
_LEFT_OUT = shutil.ignore_patterns("__pycache__", "node_modules", "*.pyc")


def lay_out_image(root: Path, into: Path) -> Path:
    """Copy what the image is made from to a folder, which is emptied before, and return it."""
    shutil.rmtree(into, ignore_errors=True)
    for name in _COPIED:
        source, target = root / name, into / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=_LEFT_OUT)
        else:
            shutil.copyfile(source, target)
    return into
