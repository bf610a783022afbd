"""The environment of the tenant's commands: all of it is named here."""

import re
from collections.abc import Mapping, Sequence

from battleshiper.build_runner.places import Places
from battleshiper.platform.model.instructions import Instructions

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_HEAP_SHARE = 0.75
"""Of the memory: the rest is for the parts of Node outside its heap and for other processes."""
_SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"


def install_environment(
    instructions: Instructions, places: Places, network: Mapping[str, str], programs: Sequence[str]
) -> dict[str, str]:
    """Return the environment for installing packages.

    NODE_ENV is left out: with `production` in it the package managers would leave out what builds the site.
    """
    environment = _environment(instructions, places, network, programs)
    environment.pop("NODE_ENV", None)
    return environment


def build_environment(
    instructions: Instructions,
    places: Places,
    network: Mapping[str, str],
    programs: Sequence[str],
    node_options: Sequence[str],
) -> dict[str, str]:
    """Return the environment for building; `node_options` come before those that the project sets."""
    environment = _environment(instructions, places, network, programs)
    environment["NODE_OPTIONS"] = " ".join([*node_options, environment["NODE_OPTIONS"]])
    return environment


def _environment(
    instructions: Instructions, places: Places, network: Mapping[str, str], programs: Sequence[str]
) -> dict[str, str]:
    cache = places.inside(places.cache)
    own = {
        name: value
        for name, value in instructions.variables.items()
        if _NAME.fullmatch(name) and "\0" not in value and not name.startswith("BATTLESHIPER")
    }
    heap = int(instructions.limits.memory_bytes * _HEAP_SHARE) // 1024**2
    return {
        "CI": "1",
        "NO_COLOR": "1",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "npm_config_audit": "false",
        "npm_config_fund": "false",
        "npm_config_update_notifier": "false",
        "npm_config_progress": "false",
        "YARN_ENABLE_TELEMETRY": "0",
        "COREPACK_ENABLE_DOWNLOAD_PROMPT": "0",
        **network,
        **own,
        "NODE_OPTIONS": f"--max-old-space-size={heap} {own.get('NODE_OPTIONS', '')}".rstrip(),
        "PATH": ":".join([*programs, _SYSTEM_PATH]),
        **({"TMPDIR": str(places.temporary)} if places.temporary else {}),
        "HOME": places.inside(places.build / "home"),
        "XDG_CACHE_HOME": f"{cache}/xdg",
        "XDG_DATA_HOME": f"{cache}/data",
        "npm_config_cache": f"{cache}/npm",
        "YARN_CACHE_FOLDER": f"{cache}/yarn",
        "YARN_GLOBAL_FOLDER": f"{cache}/yarn-global",
        "BUN_INSTALL_CACHE_DIR": f"{cache}/bun",
        "BATTLESHIPER": "1",
        "BATTLESHIPER_ENVIRONMENT": instructions.environment,
        "BATTLESHIPER_PROJECT": instructions.project_name,
        "BATTLESHIPER_DEPLOYMENT": instructions.deployment_id,
        "BATTLESHIPER_BRANCH": instructions.branch.replace("\0", ""),
        "BATTLESHIPER_COMMIT": instructions.source.sha,
        "BATTLESHIPER_OUTPUT_DIR": places.inside(places.output),
    }
