"""What a secret may be called, wherever it is kept."""

import re

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def check_name(name: str) -> None:
    """Raise ValueError for what is no name: it could be a path to something else."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name for a secret: use lowercase letters, digits and hyphens")
