"""The page of what a deployment serves: its files and its routes."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from battleshiper.platform.accounts.viewer import Viewer
from battleshiper.platform.model.deployment import Deployment
from battleshiper.platform.model.manifest import STATIC_FOLDERS, Manifest, ManifestFile
from battleshiper.platform.objects.port import ObjectMissingError, Objects
from battleshiper.platform.pipeline.places import record_key
from battleshiper.platform.pipeline.publication import Publication
from battleshiper.platform.web.pages.view import View

MOST_FILES = 200
_LONGEST_SEARCH = 200
_PRERENDERED = STATIC_FOLDERS[1]


@dataclass(frozen=True, slots=True)
class Served:
    """A file by the address at which it is served."""

    address: str
    bytes: int
    kind: str


class FilesPage:
    """Shows what is served."""

    def __init__(self, objects: Objects, view: View) -> None:
        self._objects = objects
        self._view = view

    def show(self, request: Request, viewer: Viewer) -> Response:
        """The largest files, of those that are searched for, and every route."""
        deployment, project = viewer.deployment(request.path_params["id"])
        search = read_search(request.query_params)
        publication = self._read(deployment) if deployment.site else None
        manifest = publication.manifest if publication else Manifest(files=())
        served = serve(manifest)
        found = [file for file in served if search.casefold() in file.address.casefold()]
        found.sort(key=lambda file: (-file.bytes, file.address))
        return self._view.render(
            "files.html",
            request,
            viewer,
            project=project,
            deployment=deployment,
            publication=publication,
            function=manifest.function,
            search=search,
            count=len(served),
            found=len(found),
            total=manifest.total_bytes,
            files=found[:MOST_FILES],
            largest=max((file.bytes for file in served), default=0),
            pages=prerendered_pages(manifest),
            routes=manifest.routes or (),
            may_write=viewer.may_write(project),
            section="files",
        )

    def _read(self, deployment: Deployment) -> Publication | None:
        try:
            kept = self._objects.read(record_key(deployment.project_id, deployment.id))
            return Publication.model_validate_json(kept)
        except (ObjectMissingError, ValidationError):
            return None


def read_search(query: Mapping[str, str]) -> str:
    """Return what is searched for, shortened."""
    return query.get("q", "").strip()[:_LONGEST_SEARCH]


def serve(manifest: Manifest) -> list[Served]:
    """Return every file that visitors can get, by its address."""
    return [Served("/" + _below(file), file.bytes, file.content_type) for file in manifest.static]


def prerendered_pages(manifest: Manifest) -> list[str]:
    """Return the addresses of the pages that the build rendered."""
    names = [_below(file) for file in manifest.static if file.path.startswith(_PRERENDERED)]
    pages = [name.removesuffix(".html") for name in names if name.endswith(".html")]
    return sorted("/" + (page if page != "index" else "").removesuffix("/index") for page in pages)


def _below(file: ManifestFile) -> str:
    folder = next((folder for folder in STATIC_FOLDERS if file.path.startswith(folder)), "")
    return file.path.removeprefix(folder)
