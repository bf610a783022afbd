"""`package.json`: what we need of it, whatever else it says."""

import json
from dataclasses import dataclass, field
from typing import Any

from battleshiper.build_runner.failure import BuildError
from battleshiper.build_runner.tree import Tree, UnreadableError
from battleshiper.platform.model.result import FailureCode

PACKAGE_FILE = "package.json"


@dataclass(frozen=True, slots=True)
class Package:
    """A package's description; parts of the wrong type count as absent, as package managers treat them."""

    name: str = ""
    scripts: dict[str, str] = field(default_factory=dict)
    dependencies: dict[str, str] = field(default_factory=dict)
    """Of every kind: names and wanted versions."""
    node_range: str = ""
    package_manager: str = ""
    has_workspaces: bool = False


def read_package(tree: Tree, folder: str) -> Package | None:
    """Read `package.json` in `folder`, None when there is none; raises BuildError (DETECTION) when it is broken."""
    path = f"{folder}/{PACKAGE_FILE}" if folder else PACKAGE_FILE
    try:
        data = tree.read(path)
    except UnreadableError as error:
        raise BuildError(FailureCode.DETECTION, str(error), "Make it a plain file.") from error
    if data is None:
        return None
    try:
        # A byte order mark is allowed, as npm allows it.
        values = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise BuildError(
            FailureCode.DETECTION, f"{path} is not valid JSON: {error}.", "Mend the file and push again."
        ) from error
    if not isinstance(values, dict):
        raise BuildError(FailureCode.DETECTION, f"{path} is not a JSON object.", "Mend the file and push again.")
    return _package(values)


def _package(values: dict[str, Any]) -> Package:
    dependencies: dict[str, str] = {}
    for kind in ("optionalDependencies", "peerDependencies", "devDependencies", "dependencies"):
        dependencies |= _texts(values.get(kind))
    package_manager = values.get("packageManager")
    name = values.get("name")
    return Package(
        name=name if isinstance(name, str) else "",
        scripts=_texts(values.get("scripts")),
        dependencies=dependencies,
        node_range=_texts(values.get("engines")).get("node", ""),
        package_manager=package_manager if isinstance(package_manager, str) else "",
        has_workspaces=bool(values.get("workspaces")),
    )


def _texts(value: object) -> dict[str, str]:
    return {key: text for key, text in value.items() if isinstance(text, str)} if isinstance(value, dict) else {}
