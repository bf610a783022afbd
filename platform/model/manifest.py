"""The manifest: what a build produced, file by file, and the rules its paths obey.

The runner makes it and the deploy step checks it again, because the machine that ran the tenant's code
is not to be trusted.
"""

import unicodedata
from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

FUNCTION_PACKAGE = "function.zip"
"""The server function: a zip with `index.mjs`, which exports `fetch(request, info)`, at its top."""
STATIC_FOLDERS = ("client/", "prerendered/")
MAX_PATH_BYTES = 900
"""An S3 key has at most 1,024 bytes of UTF-8; the rest is for our prefix."""
MAX_ROUTES = 2000
MAX_ROUTE_LENGTH = 300
MAX_NAME_BYTES = 255
"""The longest name that common file systems take."""


class PathRefusedError(ValueError):
    """A path in a build's output cannot be published; the message names it and says what to do."""

    def __init__(self, path: str, why: str) -> None:
        self.path = path
        self.why = why
        super().__init__(f"{path!r} cannot be published: {why}")


class ManifestFile(BaseModel):
    """One file; `path` is relative to the build's prefix, with `/` between its parts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    bytes: int
    sha256: str
    content_type: str


class Manifest(BaseModel):
    """Every file of a build's output: `client/…`, `prerendered/…` and, for server rendering, the function."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    files: tuple[ManifestFile, ...]
    routes: tuple[str, ...] | None = None
    """What the server answers, as the framework writes it, such as `/blog/[slug]`; None where that is not known."""

    @property
    def function(self) -> ManifestFile | None:
        """The function's package, None for a site without server rendering."""
        return next((file for file in self.files if file.path == FUNCTION_PACKAGE), None)

    @property
    def static(self) -> tuple[ManifestFile, ...]:
        """The files that are served as they are."""
        return tuple(file for file in self.files if file.path != FUNCTION_PACKAGE)

    @property
    def total_bytes(self) -> int:
        """What all files weigh together."""
        return sum(file.bytes for file in self.files)


def check_path(path: str, max_bytes: int = MAX_PATH_BYTES) -> None:
    """Raise PathRefusedError unless `path` is a relative path that is safe as a file and as an object key."""
    if not path or path.startswith("/"):
        raise PathRefusedError(path, "it must be relative to the output directory.")
    if "\\" in path:
        raise PathRefusedError(path, "it has a backslash in it; rename the file.")
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in path):
        raise PathRefusedError(path, "it has a control character or broken text in it; rename the file.")
    parts = path.split("/")
    if any(part in ("", ".", "..") for part in parts):
        raise PathRefusedError(path, "it has an empty, '.' or '..' part; rename the file.")
    if any(len(part.encode()) > MAX_NAME_BYTES for part in parts):
        raise PathRefusedError(path, f"a name in it is longer than {MAX_NAME_BYTES} bytes; shorten it.")
    if len(path.encode()) > max_bytes:
        raise PathRefusedError(path, f"it is longer than {max_bytes} bytes; shorten it.")


def are_routes(routes: Iterable[object]) -> bool:
    """Tell whether these are routes: text that begins with a slash, not too long, and not too many."""
    listed = list(routes)
    return len(listed) <= MAX_ROUTES and all(
        isinstance(route, str) and route.startswith("/") and len(route) <= MAX_ROUTE_LENGTH and route.isprintable()
        for route in listed
    )


def check_paths(paths: Iterable[str]) -> None:
    """Raise PathRefusedError unless every path is safe and no two differ only in case or in Unicode form."""
    seen: dict[str, str] = {}
    for path in paths:
        check_path(path)
        folded = unicodedata.normalize("NFC", path).casefold()
        other = seen.setdefault(folded, path)
        if other != path:
            raise PathRefusedError(path, f"it differs from {other!r} only in case; rename one of them.")
