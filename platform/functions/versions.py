"""Published versions of functions: folders that never change, `<folder>/<project>/<deployment>/`."""

import re
import shutil
from pathlib import Path
from tempfile import mkdtemp

from battleshiper.platform.functions.archive import sync_folder, unpack
from battleshiper.platform.model.function import FunctionFailedError

_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,64}")
_UNFINISHED = ".unfinished-"


class Versions:
    """Keeps versions. A reference is `<project>/<deployment>`. A crash leaves a version whole or not there."""

    def __init__(self, folder: Path) -> None:
        """Clean up what a crash left in `folder`, which belongs to this process alone."""
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for leftover in folder.glob(f"{_UNFINISHED}*"):
            shutil.rmtree(leftover, ignore_errors=True)

    def add(self, project_id: str, deployment_id: str, package: bytes) -> str:
        """Unpack a package, unless the deployment has one already, and return its reference; raises
        FunctionFailedError for a package that cannot be unpacked safely."""
        reference = f"{project_id}/{deployment_id}"
        target = self._place(reference)
        if target.is_dir():
            return reference
        scratch = Path(mkdtemp(prefix=_UNFINISHED, dir=self._folder))
        try:
            unpack(package, scratch)
            scratch.chmod(0o755)
            target.parent.mkdir(exist_ok=True)
            try:
                scratch.rename(target)
            except OSError:
                if not target.is_dir():
                    raise
            sync_folder(target.parent)
            sync_folder(self._folder)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        return reference

    def folder(self, reference: str) -> Path:
        """Return a version's folder; raises FunctionFailedError when there is none."""
        folder = self._place(reference)
        if not folder.is_dir():
            raise FunctionFailedError("There is no such function any more. Redeploy the site to publish it again.")
        return folder

    def of(self, project_id: str) -> list[str]:
        """Return the references of a project's versions; raises FunctionFailedError for what is no project's id."""
        folder = self._place(f"{project_id}/any").parent
        return [f"{project_id}/{version.name}" for version in folder.iterdir()] if folder.is_dir() else []

    def remove(self, reference: str) -> None:
        """Remove a version. Safe to run again."""
        folder = self._place(reference)
        gone = Path(mkdtemp(prefix=_UNFINISHED, dir=self._folder))
        try:
            # Out of sight in one step, so that nobody finds half a version.
            folder.rename(gone / "version")
            folder.parent.rmdir()
        except OSError:
            pass  # somebody else was faster, or the project has other versions
        finally:
            shutil.rmtree(gone, ignore_errors=True)

    def _place(self, reference: str) -> Path:
        project, _, deployment = reference.partition("/")
        if not _IDENTIFIER.fullmatch(project) or not _IDENTIFIER.fullmatch(deployment):
            raise FunctionFailedError(f"{reference!r} is no function's reference.")
        return self._folder / project / deployment
