"""What a build produced, put together as the platform wants it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from battleshiper.build_runner.failure import BuildError
from battleshiper.build_runner.output.package import pack_function
from battleshiper.build_runner.output.routes import read_routes
from battleshiper.build_runner.output.walk import FoundFile, Walk, digest, leave_nothing, refused
from battleshiper.build_runner.tree import CheckoutTree
from battleshiper.platform.model.instructions import BuildLimits
from battleshiper.platform.model.manifest import (
    FUNCTION_PACKAGE,
    Manifest,
    ManifestFile,
    PathRefusedError,
    check_paths,
)
from battleshiper.platform.model.media_type import media_type
from battleshiper.platform.model.result import FailureCode

_PLAIN_FILES_LEFT = frozenset({"node_modules", "battleshiper.toml"})
_WELL_KNOWN = ".well-known"
_REDIRECTS = "_redirects"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to upload: where it lies, below `top`, and how the manifest lists it."""

    top: Path
    path: str
    file: ManifestFile


@dataclass(frozen=True, slots=True)
class Collection:
    """The whole output."""

    uploads: tuple[Upload, ...]
    spa_fallback: str | None = None
    routes: tuple[str, ...] | None = ()
    """What the server answers; None where that is not known."""

    @property
    def manifest(self) -> Manifest:
        """List everything."""
        return Manifest(files=tuple(upload.file for upload in self.uploads), routes=self.routes)


class Collector:
    """Collects output within the limits; `scratch` takes the function's package. Every fault of the output is a
    BuildError (OUTPUT) that names the file or folder."""

    def __init__(self, limits: BuildLimits, scratch: Path) -> None:
        self._limits = limits
        self._scratch = scratch

    def collect_adapter_output(self, top: Path) -> Collection:
        """Collect what our SvelteKit adapter left: client files, prerendered pages, and the server if there is one."""
        tree = CheckoutTree(top)
        walk = self._walk(top)
        uploads = [
            upload
            for folder in ("client", "prerendered")
            if tree.has_folder(folder)
            for upload in self._static(top, folder, walk.found(folder), f"{folder}/")
        ]
        if tree.has_folder("server"):
            # Single server files may be as large as all of them together.
            server = Walk(top, files=self._limits.output_files, file_bytes=self._limits.output_bytes)
            uploads.append(self._function(top, server.found("server")))
        return self._checked(uploads, None, read_routes(tree))

    def collect_folder(self, top: Path, folder: str, spa_fallback: str | None) -> Collection:
        """Collect a static site's output folder, below `top`."""
        files = self._walk(top).found(folder)
        if not files:
            raise BuildError(
                FailureCode.OUTPUT,
                f"The output directory {folder!r} is empty.",
                "Check the build command, or set output_directory in battleshiper.toml.",
            )
        return self._checked(self._static(top, folder, files, "client/"), spa_fallback)

    def collect_plain_files(self, top: Path, folder: str, spa_fallback: str | None) -> Collection:
        """Collect files that are served as they are: all but hidden ones and our own settings."""
        files = self._walk(top, _is_not_served).found(folder)
        if not files:
            raise BuildError(
                FailureCode.DETECTION,
                "There is nothing to build and there are no files to serve.",
                "Add an index.html or a package.json with a build script, or set root_directory.",
            )
        return self._checked(self._static(top, folder, files, "client/"), spa_fallback)

    def _walk(self, top: Path, leave: Callable[[str, int], bool] = leave_nothing) -> Walk:
        return Walk(top, files=self._limits.output_files, file_bytes=self._limits.output_file_bytes, leave=leave)

    def _static(self, top: Path, folder: str, files: Sequence[FoundFile], prefix: str) -> list[Upload]:
        self._check_total(sum(file.bytes for file in files))
        uploads = []
        for file in files:
            path = f"{folder}/{file.path}" if folder else file.path
            listed = ManifestFile(
                path=prefix + file.path,
                bytes=file.bytes,
                sha256=digest(top, path, file.bytes),
                content_type=media_type(file.path),
            )
            uploads.append(Upload(top, path, listed))
        return uploads

    def _function(self, top: Path, files: Sequence[FoundFile]) -> Upload:
        self._check_total(sum(file.bytes for file in files))
        package = self._scratch / FUNCTION_PACKAGE
        pack_function(top, "server", files, package, self._limits.function_bytes)
        size = package.stat().st_size
        listed = ManifestFile(
            path=FUNCTION_PACKAGE,
            bytes=size,
            sha256=digest(self._scratch, FUNCTION_PACKAGE, size),
            content_type=media_type(FUNCTION_PACKAGE),
        )
        return Upload(self._scratch, FUNCTION_PACKAGE, listed)

    def _checked(
        self, uploads: list[Upload], spa_fallback: str | None, routes: tuple[str, ...] | None = ()
    ) -> Collection:
        if len(uploads) > self._limits.output_files:
            raise BuildError(
                FailureCode.OUTPUT,
                f"The output has more than {self._limits.output_files:,} files.",
                "Make fewer files, or ask the operator for a larger limit.",
            )
        self._check_total(sum(upload.file.bytes for upload in uploads))
        try:
            check_paths(upload.file.path for upload in uploads)
        except PathRefusedError as error:
            raise refused(error.path, error.why) from error
        return Collection(tuple(uploads), self._fallback(uploads, spa_fallback), routes)

    def _fallback(self, uploads: Sequence[Upload], wanted: str | None) -> str | None:
        pages = {upload.file.path.removeprefix("client/"): upload for upload in uploads}
        if wanted is not None and wanted not in pages:
            raise BuildError(
                FailureCode.SETTINGS,
                f"spa_fallback in battleshiper.toml names {wanted!r}, which is not in the output.",
                "Name a page below the output directory, such as index.html.",
            )
        if wanted is None and "200.html" in pages:
            return "200.html"
        if wanted is None and _REDIRECTS in pages:
            return _redirected_fallback(pages[_REDIRECTS], set(pages))
        return wanted

    def _check_total(self, total: int) -> None:
        if total > self._limits.output_bytes:
            raise BuildError(
                FailureCode.OUTPUT,
                f"The output has {total // 1024**2:,} MiB and may have {self._limits.output_bytes // 1024**2:,} MiB.",
                "Make images and videos smaller or host them elsewhere, or ask the operator for a larger limit.",
            )


def _is_not_served(name: str, depth: int) -> bool:
    if name.startswith("."):
        return depth > 0 or name != _WELL_KNOWN
    return depth == 0 and name in _PLAIN_FILES_LEFT


def _redirected_fallback(upload: Upload, pages: set[str]) -> str | None:
    """Return the page that a rule `/* /page 200` names: how single-page apps tell other hosts about theirs."""
    text = (CheckoutTree(upload.top).read(upload.path, limit=upload.file.bytes) or b"").decode(errors="replace")
    for line in text.splitlines():
        words = line.split()
        if len(words) == 3 and words[0] == "/*" and words[2].startswith("200"):
            page = words[1].strip("/") or "index.html"
            return page if page in pages else None
    return None
