"""The static files of the pages, under names that change with what is in them."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path, PurePosixPath

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

FOLDER = Path(__file__).parent / "static"
PREFIX = "static/"
"""Where they lie: below this path of the platform's address, and below this prefix on AWS."""
CACHE_CONTROL = "public, max-age=31536000, immutable"
_DIGITS = 10


class Assets:
    """The files of a folder. What has a name never changes, so browsers and CloudFront may keep it."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.files: Mapping[str, Path] = {_hashed(path): path for path in sorted(folder.iterdir())}
        """Each file by its name as it is served."""
        self._served = {path.name: name for name, path in self.files.items()}

    def url(self, name: str) -> str:
        """Return the path to link for a file of the folder; raises KeyError when there is none."""
        return f"/{PREFIX}{self._served[name]}"

    def routes(self) -> list[BaseRoute]:
        """Return the routes to mount, where nothing else serves the files."""
        return [Route(f"/{PREFIX}{{name}}", self.show)]

    def show(self, request: Request) -> Response:
        """One file, or 404 for a name of another version."""
        path = self.files.get(request.path_params["name"])
        if path is None:
            return Response(status_code=404)
        return FileResponse(path, headers={"cache-control": CACHE_CONTROL, "x-content-type-options": "nosniff"})


def _hashed(path: Path) -> str:
    name = PurePosixPath(path.name)
    return f"{name.stem}-{sha256(path.read_bytes()).hexdigest()[:_DIGITS]}{name.suffix}"
