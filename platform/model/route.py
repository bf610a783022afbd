"""Routes: what the edge reads to serve a site. Written by the deploy step, read by `edge/functions/viewer-request.js`.

**The record.** Key: a hostname's label. Value: JSON, below 1 KB, with absent fields left out:

| field | |
|---|---|
| `project`, `deployment` | whose objects are served: `sites/<project>/<deployment>/…` and nothing else |
| `shards`, `salt` | how the tables of this deployment are searched (`model.fingerprint`) |
| `immutable` | addresses that start so are files whose names change with their content; they are in no table |
| `function` | the function version that answers what is no file; on AWS, the domain of its URL |
| `fallback` | object (below the deployment) that answers every unknown address of a single-page app, with 200 |
| `missing` | object that answers an unknown address, with 404 |
| `noindex` | true: search engines are told to stay away |

**The tables.** Key: `<deployment>/<shard>`. Value: packed fingerprints. They are immutable, like the deployment.

**Addresses.** An address is a request's path, percent-decoded once and in Unicode form NFC (objects are stored under
NFC names, too). It falls into a stem and a form: `/about/index.html`, `/about.html`, `/about/` and `/about` all have
the stem `/about`. A table has one entry per stem, whose number says which of the files exist, and in which folder:

| bit | file | answers | |
|---|---|---|---|
| 1 | `<stem>` | `<stem>` | |
| 2 | `<stem>.html` | `<stem>.html`, `<stem>` | `<stem>/` is redirected to `<stem>` with 308 |
| 4 | `<stem>/index.html` | `<stem>/index.html`, `<stem>/` | `<stem>` is redirected to `<stem>/` with 308 |
| 8, 16, 32 | | | the file of bit 1, 2, 4 lies in `prerendered/`, not in `client/` |

The lower bit wins where two could answer, and `prerendered/` wins over `client/` where both hold the same path: a page
that was rendered for this address is meant more specifically than a file copied there. Query strings survive redirects.
"""

import json
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from battleshiper.platform.model.fingerprint import pack
from battleshiper.platform.model.manifest import STATIC_FOLDERS, Manifest, PathRefusedError

_CLIENT, _PRERENDERED = STATIC_FOLDERS
_FILE, _PAGE, _INDEX = 1, 2, 4
_PRERENDERED_SHIFT = 3
_MISSING_PAGE = "404.html"
_MAX_RECORD_BYTES = 1024


@dataclass(frozen=True, slots=True)
class Site:
    """What the edge must know of one deployment."""

    tables: dict[str, str]
    """To be written before a record points to the deployment."""
    _fields: dict[str, str | int] = field(repr=False)

    def record(self, noindex: bool) -> str:
        """Return the value for a label that points to the deployment."""
        fields: dict[str, str | int | bool] = {**self._fields, "noindex": True} if noindex else {**self._fields}
        return json.dumps(fields, separators=(",", ":"), ensure_ascii=False)


def deployment_of(record: str) -> str:
    """Return the id of the deployment that a label's record points to."""
    return str(json.loads(record)["deployment"])


def site_prefix(project_id: str, deployment_id: str) -> str:
    """Return where all objects of a deployment lie."""
    return f"sites/{project_id}/{deployment_id}/"


def site_key(project_id: str, deployment_id: str, manifest_path: str) -> str:
    """Return the object that the edge serves for a static file of the manifest (`client/…` or `prerendered/…`)."""
    return site_prefix(project_id, deployment_id) + unicodedata.normalize("NFC", manifest_path)


def compile_site(
    manifest: Manifest,
    *,
    project_id: str,
    deployment_id: str,
    function: str | None,
    spa_fallback: str | None,
) -> Site:
    """Return what the edge must know to serve these files. The same arguments give the same site.

    `spa_fallback` is a path below `client/`. Raises PathRefusedError when the record would be too large.
    """
    paths = {unicodedata.normalize("NFC", file.path) for file in manifest.static}
    immutable = _immutable_prefix(paths)
    shards = pack(_entries(path for path in paths if not _is_below(path, immutable)))
    fields: dict[str, str | int] = {"project": project_id, "deployment": deployment_id, "shards": len(shards.values)}
    if shards.salt:
        fields["salt"] = shards.salt
    if immutable:
        fields["immutable"] = "/" + immutable.removeprefix(_CLIENT)
    if function is not None:
        fields["function"] = function
    if spa_fallback is not None:
        fields["fallback"] = _CLIENT + unicodedata.normalize("NFC", spa_fallback)
    for folder in (_CLIENT, _PRERENDERED):
        if folder + _MISSING_PAGE in paths:
            fields["missing"] = folder + _MISSING_PAGE
    site = Site({f"{deployment_id}/{number}": value for number, value in enumerate(shards.values)}, fields)
    if len(site.record(noindex=True).encode()) > _MAX_RECORD_BYTES:
        longest = max(immutable or "", spa_fallback or "", key=len)
        raise PathRefusedError(longest, "the edge keeps it in a small record; shorten the path.")
    return site


def _entries(paths: Iterable[str]) -> dict[str, int]:
    entries: dict[str, int] = {}
    # In this order prerendered/ comes last and so has the last word.
    for path in sorted(paths):
        folder = next((folder for folder in STATIC_FOLDERS if path.startswith(folder)), None)
        if folder is None:
            raise PathRefusedError(path, f"static files lie in {' or '.join(STATIC_FOLDERS)}.")
        stem, bit = _split("/" + path.removeprefix(folder))
        kept = entries.get(stem, 0) & ~(bit << _PRERENDERED_SHIFT)
        entries[stem] = kept | bit | (bit << _PRERENDERED_SHIFT if folder == _PRERENDERED else 0)
    return entries


def _split(address: str) -> tuple[str, int]:
    if address.endswith("/index.html"):
        return address.removesuffix("/index.html"), _INDEX
    if address.endswith(".html"):
        return address.removesuffix(".html"), _PAGE
    return address, _FILE


def _immutable_prefix(paths: set[str]) -> str | None:
    """SvelteKit keeps hashed files in `<appDir>/immutable/`, beside `<appDir>/version.json` (its `kit.appDir`)."""
    for path in sorted(paths):
        if path.startswith(_CLIENT) and path.endswith("/version.json"):
            prefix = path.removesuffix("version.json") + "immutable/"
            if any(other.startswith(prefix) for other in paths):
                return prefix
    return None


def _is_below(path: str, prefix: str | None) -> bool:
    return prefix is not None and path.startswith(prefix)
