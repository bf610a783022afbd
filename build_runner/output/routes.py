"""The routes that an app's server answers, as the adapter wrote them down."""

import json

from battleshiper.build_runner.tree import Tree, UnreadableError
from battleshiper.platform.model.manifest import are_routes

ROUTES_FILE = "routes.json"


def read_routes(tree: Tree) -> tuple[str, ...] | None:
    """Return the routes, sorted; None where they cannot be told, which is no reason to fail."""
    try:
        listed = json.loads(tree.read(ROUTES_FILE) or b"")
    except (UnreadableError, ValueError, RecursionError):
        return None
    if not isinstance(listed, list) or not are_routes(listed):
        return None
    return tuple(sorted(set(listed)))
