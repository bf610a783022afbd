"""The plan: everything about a build that its files decide."""

from dataclasses import dataclass

from battleshiper.build_runner.detection.framework import Framework, detect_framework, output_candidates
from battleshiper.build_runner.detection.neighbours import find_neighbours
from battleshiper.build_runner.detection.node import NodeWish, node_wishes
from battleshiper.build_runner.detection.package import Package, read_package
from battleshiper.build_runner.detection.package_manager import Installation, detect_installation
from battleshiper.build_runner.detection.relevance import Relevance
from battleshiper.build_runner.detection.settings import SETTINGS_FILE, Settings, add_told, read_settings
from battleshiper.build_runner.failure import BuildError
from battleshiper.build_runner.tree import Tree
from battleshiper.platform.model.result import FailureCode
from battleshiper.platform.model.settings import NO_BUILD_SETTINGS, BuildSettings

_PROJECT = "the project's settings"


@dataclass(frozen=True, slots=True)
class Plan:
    """How to build one checkout."""

    root: str
    """The site's folder in the checkout; empty for its top."""
    framework: Framework
    installation: Installation | None
    install_command: str | None
    build_command: str | None
    node: tuple[NodeWish, ...]
    output: str | None
    """Where the settings say that the files are, below `root`."""
    candidates: tuple[str, ...]
    """Where else to look, in order."""
    committed: frozenset[str]
    """Those of the candidates that were there before the build."""
    package: Package | None
    spa_fallback: str | None
    relevance: Relevance
    """Whether it is to be built at all."""
    notes: tuple[str, ...]

    @property
    def needs_tools(self) -> bool:
        """Whether any command is to be run at all."""
        return bool(self.install_command or self.build_command)


def make_plan(tree: Tree, root_directory: str, told: BuildSettings = NO_BUILD_SETTINGS) -> Plan:
    """Decide how to build the checkout by its files, and what its project was told besides them. Raises
    BuildError (SETTINGS or DETECTION)."""
    root, own = _locate(tree, root_directory.strip("/"))
    settings = add_told(own, told)
    asked_by = SETTINGS_FILE if own.node_version is not None else _PROJECT
    package = read_package(tree, root)
    installation = detect_installation(tree, root, package) if package else None
    build_command = _build_command(package, installation, settings)
    framework = detect_framework(package, build_command)
    install_command: str | None = None
    if settings.install_command is not None:
        install_command = settings.install_command.strip() or None
    elif installation and framework is not Framework.FILES:
        install_command = installation.command
    candidates = output_candidates(package)
    below = f"{root}/" if root else ""
    return Plan(
        root=root,
        framework=framework,
        installation=installation,
        install_command=install_command,
        build_command=build_command,
        node=tuple(node_wishes(tree, dict.fromkeys([root, ""]), settings.node_version, asked_by, package)),
        output=settings.output_directory,
        candidates=candidates,
        committed=frozenset(folder for folder in candidates if tree.has_folder(below + folder)),
        package=package,
        spa_fallback=settings.spa_fallback,
        relevance=_relevance(settings, tree, root, is_part=bool(root_directory.strip("/"))),
        notes=installation.notes if installation and install_command == installation.command else (),
    )


def _locate(tree: Tree, root_directory: str) -> tuple[str, Settings]:
    """Return the site's folder and its settings: those in the folder, else those at the repository's top."""
    top = read_settings(tree)
    root = root_directory or (top.root_directory if top else None) or ""
    if not tree.has_folder(root):
        raise BuildError(
            FailureCode.SETTINGS,
            f"The root directory {root!r} is not a folder of this repository.",
            f"Folders at the top are: {_folders(tree)}. Change the project's root directory or {SETTINGS_FILE}.",
        )
    own = read_settings(tree, root) if root else None
    if own and own.root_directory:
        raise BuildError(
            FailureCode.SETTINGS,
            f"{root}/{SETTINGS_FILE} sets root_directory, which only the file at the repository's top may.",
            "Remove the line.",
        )
    return root, own or top or Settings()


def _build_command(package: Package | None, installation: Installation | None, settings: Settings) -> str | None:
    if settings.build_command is not None:
        return settings.build_command.strip() or None
    if not package or not installation:
        return None
    if package.scripts.get("build", "").strip():
        return f"{installation.manager.program} run build"
    return "vite build" if detect_framework(package, None) is Framework.SVELTEKIT else None


def _relevance(settings: Settings, tree: Tree, root: str, *, is_part: bool) -> Relevance:
    """Say what the settings say. Where they say nothing and the project `is_part` of its repository, its own files
    matter and those that it shares."""
    files = tuple(dict.fromkeys((SETTINGS_FILE, f"{root}/{SETTINGS_FILE}".lstrip("/"))))
    ignore = settings.ignore.strip() if settings.ignore else None
    if settings.paths or ignore:
        said_in = next((path for path in reversed(files) if tree.has_file(path)), "")
        return Relevance(files, said_in, tuple(settings.paths or ()), ignore=ignore or None)
    neighbours = find_neighbours(tree, root) if is_part else None
    return Relevance(files, folders=() if neighbours is None else (root, *neighbours))


def _folders(tree: Tree) -> str:
    names = [name for name in tree.names("") if tree.has_folder(name) and not name.startswith(".")]
    return ", ".join(names[:20]) or "none"
