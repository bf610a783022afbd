"""Hostname labels: how projects, branches and deployments are named below the sites' domain.

One label per site, because a wildcard certificate covers one (RFC 6125 6.4.3). A label has at most 63
characters of a-z, 0-9 and hyphen, and neither starts nor ends with a hyphen (RFC 1123 2.1).
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator

MAX_LABEL = 63
_HASH_LENGTH = 8
_BRANCH_MARK = "-git-"
_GIT_PART = re.compile(r"-git(?=-|$)")
_HASH_END = re.compile(rf"-[0-9a-f]{{{_HASH_LENGTH}}}$")
# Room for "-git-" or "-<deployment id>" and a few characters of the branch behind a project's name.
_MAX_PROJECT_NAME = 40

RESERVED_NAMES = frozenset(  # names that visitors, mail servers or browsers would take for the platform's own
    "admin api auth autoconfig autodiscover battleshiper dashboard ftp imap isatap localhost login mail mx ns ns1 "
    "ns2 pop smtp sso static status support webmail wpad www".split()
)


def slug(text: str) -> str:
    """Return what a label can keep of `text`: lowercase ASCII letters, digits and single hyphens. May be empty."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text.lower()).strip("-")


def project_names(repository: str, repository_id: int, root_directory: str = "") -> Iterator[str]:
    """Yield names for the project of `repository` (`owner/name`), best first; the last one is always free. One in a
    folder has the folder's name in its own.

    Refused are reserved names, names that end as the last one does, and names that would put another `-git-` into a
    label than the one before a branch: one project's branch must not have the label of another's. A name never looks
    like punycode (`xn--`, RFC 5890 2.3.1), because a slug has no two hyphens in a row.
    """
    owner, _, name = repository.partition("/")
    stem = slug(f"{name} {root_directory.rpartition('/')[2]}")
    wanted = (stem, f"{stem}-{slug(owner)}".rstrip("-")) if stem else ("",)
    for candidate in wanted:
        if _is_good_name(candidate):
            yield candidate
    stem = _GIT_PART.sub("", wanted[0] or "site")[: _MAX_PROJECT_NAME - _HASH_LENGTH - 1].strip("-")
    yield f"{stem.removesuffix('-git')}-{_digest(f'{repository_id}/{root_directory}'.rstrip('/'))}"


def is_project_name(name: str) -> bool:
    """Tell whether a project may be given this name, see `project_names`."""
    return slug(name) == name and _is_good_name(name)


def production_label(project_name: str) -> str:
    """Return the label of the project's production site."""
    return project_name


def branch_label(project_name: str, branch: str) -> str:
    """Return the label that moves with `branch`.

    Different branches have different labels: where the slug says less than the branch's name, or the label
    would be too long or look like one with a hash, it ends in a hash of the exact name.
    """
    text = slug(branch)
    label = f"{project_name}{_BRANCH_MARK}{text}"
    if text and text == branch and len(label) <= MAX_LABEL and not _HASH_END.search(label):
        return label
    kept = label[: MAX_LABEL - _HASH_LENGTH - 1].rstrip("-")
    return f"{kept}-{_digest(branch)}"


def deployment_label(project_name: str, deployment_id: str) -> str:
    """Return the label of one deployment, which never moves."""
    return f"{project_name}-{deployment_id}"


def _is_good_name(name: str) -> bool:
    if not name or len(name) > _MAX_PROJECT_NAME or name in RESERVED_NAMES:
        return False
    return _BRANCH_MARK not in f"{name}-" and not _HASH_END.search(name)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH_LENGTH]
