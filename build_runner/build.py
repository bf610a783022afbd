"""One build, from the commit to the uploaded output."""

from dataclasses import dataclass, field

from battleshiper.build_runner import kept_files
from battleshiper.build_runner.crafts import Crafts
from battleshiper.build_runner.deadline import Deadline
from battleshiper.build_runner.detection.framework import Framework, choose_output
from battleshiper.build_runner.detection.plan import Plan, make_plan
from battleshiper.build_runner.failure import BuildError
from battleshiper.build_runner.log.build_log import BuildLog
from battleshiper.build_runner.output.collection import Collection, Collector
from battleshiper.build_runner.places import Places
from battleshiper.build_runner.progress import Progress
from battleshiper.build_runner.project_cache import ProjectCache
from battleshiper.build_runner.skipping import Skipping
from battleshiper.build_runner.source import Source
from battleshiper.build_runner.tools.toolbox import Toolbox, Toolboxes
from battleshiper.build_runner.tree import CheckoutTree
from battleshiper.build_runner.upload import Uploader
from battleshiper.platform.model.instructions import Instructions
from battleshiper.platform.model.result import BuildResult, FailureCode
from battleshiper.platform.model.settings import NO_BUILD_SETTINGS

_OURS = "BATTLESHIPER_"
"""What the names begin with of the variables that tell a build which commit and branch it is of."""
_FETCH_SECONDS = 180
# Failures after which what was installed is still as good as new.
_SOUND = frozenset({FailureCode.BUILD, FailureCode.OUTPUT})


@dataclass(slots=True)
class Build:
    """The parts of one build and their order. `machine` is the architecture, on which installed packages depend."""

    instructions: Instructions
    places: Places
    log: BuildLog
    source: Source
    skipping: Skipping
    toolboxes: Toolboxes
    crafts: Crafts
    cache: ProjectCache
    collector: Collector
    uploader: Uploader
    machine: str
    _parts: dict[str, str] = field(init=False, default_factory=dict)
    """What to keep for the next build: names and paths below `places.build`."""
    _fingerprint: str = field(init=False, default="")
    _reused: bool = field(init=False, default=False)
    """Whether the packages are those of an earlier build."""

    def run(self) -> BuildResult:
        """Build and upload; the result is uploaded last, for a failure too.

        Raises BuildError only when the result itself cannot be uploaded.
        """
        progress = Progress(self.instructions.deployment_id)
        try:
            plan = self._fetch(progress)
            if reason := self.skipping.reason(plan):
                result = progress.skipped(reason)
                self.log.phase(reason)
            else:
                result = progress.succeeded(self._produce(plan, progress).manifest)
                self.log.phase(f"Done: {len(result.manifest.files) if result.manifest else 0:,} files uploaded")
        except BuildError as error:
            result = progress.failed(error.to_failure())
            self.log.phase(f"Failed: {error.message}")
            if error.hint:
                self.log.say(error.hint)
        self.uploader.upload_result(result)
        return result

    def keep(self, result: BuildResult) -> None:
        """Keep what the next build can use, which nobody need wait for."""
        if result.failure is not None and result.failure.code not in _SOUND:
            return
        parts = dict(self._parts)
        if self._reused and result.failure is not None:
            # They may be what is wrong: the next build installs afresh.
            parts.pop(kept_files.MODULES, None)
        if parts:
            self.cache.keep(self._fingerprint, parts, self.places.build)

    def _fetch(self, progress: Progress) -> Plan:
        self.crafts.expect()
        with progress.timed("fetch"):
            self.log.phase(f"Fetching {self.instructions.source.sha[:12]} from {self.instructions.source.clone_url}")
            self.source.fetch(self.instructions.source, Deadline(_FETCH_SECONDS))
            sha = self.instructions.source.sha
            told = self.instructions.settings
            is_told_more = bool(self.instructions.variables) or told != NO_BUILD_SETTINGS
            progress.is_portable = not (is_told_more or self.source.mentions(_OURS, sha, Deadline(_FETCH_SECONDS)))
        return make_plan(CheckoutTree(self.places.repository), self.instructions.root_directory, told)

    def _produce(self, plan: Plan, progress: Progress) -> Collection:
        progress.framework = plan.framework.value
        for note in plan.notes:
            self.log.say(note)
        if plan.needs_tools:
            self._craft(plan, progress)
        else:
            self.log.phase("Nothing to build: the files are served as they are")
        with progress.timed("collect"):
            self.log.phase("Collecting the output")
            collection = self._collect(plan)
            progress.spa_fallback = collection.spa_fallback
        with progress.timed("upload"):
            total = collection.manifest.total_bytes
            self.log.phase(f"Uploading {len(collection.uploads):,} files, {total / 1024:,.0f} KiB")
            self.uploader.upload(collection.uploads)
        return collection

    def _craft(self, plan: Plan, progress: Progress) -> None:
        toolbox = self.toolboxes.pack(plan.node, plan.installation)
        progress.node_version = str(toolbox.node)
        progress.package_manager = toolbox.manager
        deadline = Deadline(self.instructions.limits.seconds)
        self.cache.take()
        owner = self.places.build.lstat().st_uid
        self.cache.restore(kept_files.DOWNLOADS, self.places.build, self.places.cache.name, owner)
        fingerprint = kept_files.fingerprint(plan, toolbox, self.machine)
        with progress.timed("install"):
            self._install(plan, toolbox, fingerprint, owner, deadline)
        frameworks = kept_files.framework_caches(plan)
        for part, path in frameworks.items():
            self.cache.restore(part, self.places.repository, path, owner)
        checkout = self.places.repository.name
        self._fingerprint = fingerprint
        # In this order: some of the first lie within the packages.
        self._parts = {part: f"{checkout}/{path}" for part, path in frameworks.items()}
        if fingerprint:
            self._parts[kept_files.MODULES] = f"{checkout}/{kept_files.modules_path(plan)}"
        self._parts[kept_files.DOWNLOADS] = self.places.cache.name
        with progress.timed("build"):
            if plan.build_command:
                self.log.phase(f"Building ({plan.framework.value}, Node {toolbox.node})")
                self.crafts.build(plan, toolbox, plan.build_command, deadline)

    def _install(self, plan: Plan, toolbox: Toolbox, fingerprint: str, owner: int, deadline: Deadline) -> None:
        if not plan.install_command:
            return
        command: str | None = plan.install_command
        manager = f" ({toolbox.manager})" if toolbox.manager else ""
        if fingerprint and fingerprint == self.cache.fingerprint:
            modules = kept_files.modules_path(plan)
            self._reused = self.cache.restore(kept_files.MODULES, self.places.repository, modules, owner)
        if self._reused:
            self.log.phase("Using the packages of an earlier build with the same lockfile")
            command = kept_files.own_scripts(plan.package)
        else:
            self.log.phase(f"Installing packages{manager}")
        if command:
            self.crafts.install(plan, toolbox, command, deadline)

    def _collect(self, plan: Plan) -> Collection:
        repository = self.places.repository
        if plan.framework is Framework.SVELTEKIT and plan.output is None:
            tree = CheckoutTree(self.places.output)
            if tree.has_folder("server") or tree.has_folder("client"):
                return self.collector.collect_adapter_output(self.places.output)
        below = f"{plan.root}/" if plan.root else ""
        # The site's folder itself has more in it than what was built: sources, packages, git's own files.
        if plan.output == "" or (plan.framework is Framework.FILES and plan.output is None):
            return self.collector.collect_plain_files(repository, plan.root, plan.spa_fallback)
        tree = CheckoutTree(repository)
        folder = plan.output
        if folder is None:
            folder = choose_output(tree, plan.root, plan.candidates, plan.committed)
        if folder is None or not tree.has_folder(below + folder):
            raise self._missing(tree, plan, folder)
        return self.collector.collect_folder(repository, below + folder, plan.spa_fallback)

    def _missing(self, tree: CheckoutTree, plan: Plan, folder: str | None) -> BuildError:
        below = f"{plan.root}/" if plan.root else ""
        there = [name for name in tree.names(plan.root) if tree.has_folder(below + name) and name != ".git"]
        wanted = f"no folder {folder!r}" if folder else "none of the usual output folders"
        return BuildError(
            FailureCode.OUTPUT,
            f"The build left {wanted}. Folders that exist: {', '.join(there[:20]) or 'none'}.",
            "Set output_directory in battleshiper.toml to the folder that the build writes.",
        )
