"""What a site takes in the store of the routes, as `platform/model/route.py` makes it."""

from collections.abc import Iterator
from dataclasses import dataclass

from battleshiper.platform.model.hostname import branch_label, deployment_label
from battleshiper.platform.model.manifest import Manifest, ManifestFile
from battleshiper.platform.model.route import compile_site

_PROJECT, _DEPLOYMENT, _NAME, _BRANCH = "p8fk3mxq2a", "d7rw5tzc9h", "online-shop", "fix-the-checkout"
_FUNCTION = f"{'a' * 32}.lambda-url.eu-central-1.on.aws"
_HASHED_FILES, _FILES = 80, 20


@dataclass(frozen=True, slots=True)
class Site:
    """One deployment of a SvelteKit app."""

    addresses: int
    """Paths that are in a table: pages and files whose names are not hashed."""
    record: str
    tables: dict[str, str]
    deployment_bytes: int
    """Its own hostname's key and record, and its tables with their keys."""
    alias_bytes: int
    """A branch's or the production site's key and record."""


def measure_site(pages: int) -> Site:
    """Return what an app with so many prerendered pages takes, one that renders others with a function."""
    paths = list(_paths(pages))
    files = tuple(ManifestFile(path=path, bytes=1, sha256="0" * 64, content_type="text/plain") for path in paths)
    site = compile_site(
        Manifest(files=files), project_id=_PROJECT, deployment_id=_DEPLOYMENT, function=_FUNCTION, spa_fallback=None
    )
    record = site.record(noindex=True)
    tables = sum(len(key) + len(value) for key, value in site.tables.items())
    return Site(
        pages + _FILES + 1,
        record,
        site.tables,
        len(deployment_label(_NAME, _DEPLOYMENT)) + len(record) + tables,
        len(branch_label(_NAME, _BRANCH)) + len(record),
    )


def _paths(pages: int) -> Iterator[str]:
    yield "client/_app/version.json"
    yield from (f"client/_app/immutable/chunks/{number}.B8c9dE.js" for number in range(_HASHED_FILES))
    yield from (f"client/images/{number}.webp" for number in range(_FILES))
    yield from (f"prerendered/articles/{number}.html" for number in range(pages))
