"""What is in the packages of our Lambda functions, and what is left out of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

SERVICES = (
    "batch",
    "cloudfront-keyvaluestore",
    "codedeploy",
    "dynamodb",
    "events",
    "lambda",
    "logs",
    "s3",
    "secretsmanager",
    "sqs",
)
"""The services of AWS that our functions speak to: botocore describes four hundred, in most of its bytes."""
NOT_ON_LAMBDA = frozenset({"boto3", "s3transfer"})
"""Distributions that the tests and tools of AWS bring: our functions make botocore's clients themselves."""
GITHUB_ONLY = ("githubkit*", "hishel", "msgpack", "httpx", "httpcore", "h11", "certifi", "jinja2", "markupsafe")
"""Distributions that only functions use which speak to GitHub; pages are drawn by one of those."""
FOLDERS = ("bot", "edge", "infra", "platform", "webhooks")
"""Our folders that functions run."""
_OURS_LEFT_OUT = (
    "edge/local/*",
    "infra/aws/cdk.json",
    "infra/aws/operation/*",
    "infra/aws/packaging/*",
    "infra/aws/stack/*",
    "infra/cli/*",
    "infra/local/*",
)
_NEVER = ("*.pyc", "*.pyi", "*.so.dbg", "*/tests/*", "*/test/*", "bin/*", "*.dist-info/*", "*/py.typed")
_KEPT_OF_DISTRIBUTIONS = ("*.dist-info/METADATA", "*.dist-info/entry_points.txt", "*.dist-info/licenses/*")
"""Some libraries ask for their own version, and licences go with what they are of."""
_BOTOCORE_DATA = "botocore/data/"


@dataclass(frozen=True, slots=True)
class Content:
    """One file of a package."""

    name: str
    """Its path from the package's top, with slashes."""
    path: Path


def our_files(root: Path) -> Iterator[Content]:
    """Yield what functions run of our own, from a checkout's root, below `battleshiper/`."""
    for folder in FOLDERS:
        for name, path in _files(root / folder, root):
            if not _matches(name, (*_OURS_LEFT_OUT, *_NEVER)):
                yield Content(f"battleshiper/{name}", path)


def library_files(folder: Path, left_out: Iterable[str]) -> Iterator[Content]:
    """Yield what functions need of the distributions in a folder. `left_out` are patterns of distributions' names."""
    dropped = _files_of(folder, tuple(left_out))
    for name, path in _files(folder, folder):
        if name not in dropped and _is_needed(name):
            yield Content(name, path)


def _is_needed(name: str) -> bool:
    if name.startswith(_BOTOCORE_DATA):
        service, slash, _ = name.removeprefix(_BOTOCORE_DATA).partition("/")
        return not slash or service in SERVICES
    return _matches(name, _KEPT_OF_DISTRIBUTIONS) or not _matches(name, _NEVER)


def _files_of(folder: Path, patterns: tuple[str, ...]) -> set[str]:
    """Return the names of the files that some distributions have installed."""
    found = set()
    for record in folder.glob("*.dist-info/RECORD"):
        distribution = record.parent.name.split("-")[0].lower().replace("_", "-")
        if _matches(distribution, patterns):
            lines = record.read_text(encoding="utf-8").splitlines()
            found |= {line.rsplit(",", 2)[0].strip('"') for line in lines}
    return found


def _files(folder: Path, root: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(root).as_posix(), path


def _matches(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)
