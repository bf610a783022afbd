"""Root directories: where in its repository a site lies."""

from battleshiper.platform.model.manifest import PathRefusedError, check_path


def check_root_directory(path: str) -> str:
    """Return a folder's path as it is kept, without slashes at its ends and empty for the repository's top; raises
    ValueError when it may lead out of the repository."""
    stripped = path.removeprefix("./").rstrip("/")
    if stripped in ("", "."):
        return ""
    try:
        check_path(stripped)
    except PathRefusedError as error:
        raise ValueError("must be a path inside the repository, such as 'apps/web'") from error
    return stripped
