"""The environment variables of a function: in its package, beside what the build made, for the bootstrap to take."""

import json
from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from battleshiper.platform.model.function import FunctionFailedError

ENVIRONMENT_FILE = ".battleshiper-environment.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_READABLE = 0o100644 << 16


def with_environment(package: bytes, variables: Mapping[str, str]) -> bytes:
    """Return the package with the variables in it; without any, as it is. The same arguments make the same bytes.

    Raises FunctionFailedError for a package that has a file of that name. What is no package comes out as one without
    an entry, which publishing refuses.
    """
    if not variables:
        return package
    whole = BytesIO(package)
    with ZipFile(whole, "a", ZIP_DEFLATED) as archive:
        if ENVIRONMENT_FILE in archive.namelist():
            raise FunctionFailedError(
                f"The function's package was refused: {ENVIRONMENT_FILE!r} is where the platform's own file goes."
            )
        entry = ZipInfo(ENVIRONMENT_FILE, _EPOCH)
        entry.create_system, entry.external_attr, entry.compress_type = _UNIX, _READABLE, ZIP_DEFLATED
        archive.writestr(entry, json.dumps(dict(sorted(variables.items()))))
    return whole.getvalue()
