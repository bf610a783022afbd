"""Ids of deployments, as far as they name logs."""

import re

_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,64}")


def check_identifier(deployment_id: str) -> None:
    """Raise ValueError for what is no id: it could be a path to something else."""
    if not _IDENTIFIER.fullmatch(deployment_id):
        raise ValueError(f"{deployment_id!r} is no deployment's id")
