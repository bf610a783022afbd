"""Where things lie on the machine, and where the sandbox shows them."""

from dataclasses import dataclass
from pathlib import Path

from battleshiper.platform.sandbox.port import Bind

_INSIDE = "/build"
_TOOLS = "/opt/battleshiper"


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one build.

    In a sandbox with a view of its own they have the same names in every build, because tools write absolute paths
    into their caches. Without one nothing can be shown elsewhere than where it is.
    """

    work: Path
    has_own_view: bool

    @property
    def build(self) -> Path:
        """All that the tenant's programs may write to."""
        return self.work / "build"

    @property
    def repository(self) -> Path:
        """The checkout."""
        return self.build / "repository"

    @property
    def output(self) -> Path:
        """Where our adapter leaves a SvelteKit app."""
        return self.build / "output"

    @property
    def cache(self) -> Path:
        """What is kept for the next build."""
        return self.build / "cache"

    @property
    def temporary(self) -> Path | None:
        """Where programs put what they need for a moment; None where they have a `/tmp` of their own."""
        return None if self.has_own_view else self.build / "temporary"

    @property
    def private(self) -> Path:
        """The runner's own files, never shown to the tenant's programs."""
        return self.work / "private"

    def inside(self, path: Path) -> str:
        """Return where the sandbox shows a path below `build`."""
        if not self.has_own_view:
            return str(path)
        return "/".join([_INSIDE, *path.relative_to(self.build).parts])

    def bind_build(self) -> Bind:
        """Show the build's own folder."""
        return Bind(self.build, self.inside(self.build), writable=True)

    def bind_tool(self, path: Path, name: str) -> Bind:
        """Show a tool, read-only."""
        return Bind(path, f"{_TOOLS}/{name}" if self.has_own_view else str(path))
