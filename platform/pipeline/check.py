"""Checks a build's result before anything of it is published. The machine it comes from ran a stranger's code."""

import re
from collections.abc import Iterable

from battleshiper.platform.model.instructions import BuildLimits
from battleshiper.platform.model.manifest import FUNCTION_PACKAGE, STATIC_FOLDERS, are_routes, check_paths
from battleshiper.platform.model.result import MAX_RESULT_BYTES, BuildResult
from battleshiper.platform.objects.port import ObjectInfo

_REPEATED = 2
"""How much more than it may publish a build may upload, because an upload may be repeated."""
_SHA256 = re.compile(r"[0-9a-f]{64}")
_CONTENT_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(; ?charset=[\w-]+)?", re.ASCII)


class ResultRefusedError(Exception):
    """A build's result cannot be published; the message says why and what to do."""


def check_result(result: BuildResult, deployment_id: str, limits: BuildLimits) -> None:
    """Raise ResultRefusedError, or `PathRefusedError` for a bad path, unless the result may be published."""
    manifest = result.manifest
    if result.deployment_id != deployment_id or manifest is None or result.failure is not None or result.skipped:
        raise ResultRefusedError("The build's result is not one of this deployment. Redeploy to build it again.")
    if not manifest.files:
        raise ResultRefusedError("The build's output is empty. Check the output directory in battleshiper.toml.")
    if len(manifest.files) > limits.output_files:
        raise ResultRefusedError(
            f"The output has {len(manifest.files):,} files; at most {limits.output_files:,} can be published."
        )
    for file in manifest.files:
        if file.path != FUNCTION_PACKAGE and not file.path.startswith(STATIC_FOLDERS):
            raise ResultRefusedError(f"The output has a file at an unknown place: {file.path!r}.")
        largest = limits.function_bytes if file.path == FUNCTION_PACKAGE else limits.output_file_bytes
        if not 0 <= file.bytes <= largest:
            raise ResultRefusedError(f"{file.path!r} has {file.bytes:,} bytes; at most {largest:,} can be published.")
        if not _SHA256.fullmatch(file.sha256) or not _CONTENT_TYPE.fullmatch(file.content_type):
            raise ResultRefusedError(f"The manifest's entry for {file.path!r} is malformed.")
    if manifest.total_bytes > limits.output_bytes:
        raise ResultRefusedError(
            f"The output has {manifest.total_bytes:,} bytes; at most {limits.output_bytes:,} can be published."
        )
    check_paths(file.path for file in manifest.files)
    if not are_routes(manifest.routes or ()):
        raise ResultRefusedError("The manifest's list of routes is malformed. Redeploy to build it again.")
    fallback = result.spa_fallback
    if fallback is not None and f"client/{fallback}" not in {file.path for file in manifest.files}:
        raise ResultRefusedError(f"The fallback page {fallback!r} is not part of the output.")


def most_uploads(limits: BuildLimits) -> tuple[int, int]:
    """Return how many files with how many bytes in all a build may upload, its result included."""
    return _REPEATED * (limits.output_files + 1), _REPEATED * (limits.output_bytes + MAX_RESULT_BYTES)


def check_uploads(uploads: Iterable[ObjectInfo], limits: BuildLimits) -> None:
    """Raise ResultRefusedError when a build has uploaded more than it may; looks no further then."""
    files, total_bytes = most_uploads(limits)
    for upload in uploads:
        files -= 1
        total_bytes -= upload.bytes
        if files < 0 or total_bytes < 0:
            raise ResultRefusedError("The build has uploaded more than it may publish. Redeploy to build it again.")
