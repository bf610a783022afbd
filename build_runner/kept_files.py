"""Which parts of a build are worth keeping for the next one."""

import hashlib

from battleshiper.build_runner.detection.package import Package
from battleshiper.build_runner.detection.package_manager import Manager
from battleshiper.build_runner.detection.plan import Plan
from battleshiper.build_runner.tools.toolbox import Toolbox

DOWNLOADS = "downloads"
"""The package managers' caches and all else that honours XDG_CACHE_HOME."""
MODULES = "modules"
# Where tools keep their own caches, below the site's root directory.
_FRAMEWORK_CACHES = (
    "node_modules/.cache",
    "node_modules/.vite",
    "node_modules/.astro",
    ".next/cache",
    ".parcel-cache",
)
# What `npm ci` runs of the project's own, in its order (https://docs.npmjs.com/cli/using-npm/scripts, "npm ci").
_OWN_SCRIPTS = ("preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare")


def own_scripts(package: Package | None) -> str | None:
    """Return the command that runs the project's own install scripts, None when it has none.

    Packages of an earlier build need nothing else, but what these scripts write lies outside of them.
    """
    named = [name for name in _OWN_SCRIPTS if package and name in package.scripts]
    return " && ".join(f"npm run {name}" for name in named) or None


def fingerprint(plan: Plan, toolbox: Toolbox, machine: str) -> str:
    """Return what must be equal for installed packages to be used again; empty when they are not to be kept.

    Only npm's are: the other managers link from their store faster than it is worth. In a workspace packages lie in
    several folders, which must not be parted.
    """
    installation = plan.installation
    if (
        installation is None
        or installation.manager is not Manager.NPM
        or not installation.fingerprint
        or plan.install_command != installation.command
        or installation.folder != plan.root
        or (plan.package is not None and plan.package.has_workspaces)
    ):
        return ""
    inputs = (installation.fingerprint, str(toolbox.node), toolbox.manager, machine, plan.install_command)
    return hashlib.sha256("\0".join(inputs).encode()).hexdigest()


def modules_path(plan: Plan) -> str:
    """Return where the installed packages lie in the checkout."""
    return f"{plan.root}/node_modules" if plan.root else "node_modules"


def framework_caches(plan: Plan) -> dict[str, str]:
    """Return the part's name and the path in the checkout of each framework cache."""
    below = f"{plan.root}/" if plan.root else ""
    return {f"framework-{path.replace('/', '-')}": below + path for path in _FRAMEWORK_CACHES}
