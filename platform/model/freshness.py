"""How long the world may keep a static file of a deployment."""

import re

REVALIDATE = "public, max-age=0, must-revalidate"
"""Ask each time; an unchanged file costs one round trip without a body."""
IMMUTABLE = "public, max-age=31536000, immutable"
"""Never ask again: the name changes with the content."""
NO_STORE = "no-store"
"""For what may exist later, such as a missing file."""

# SvelteKit's `<appDir>/immutable/`, whatever `kit.appDir` is.
_SVELTEKIT = re.compile(r"/_app/immutable/|/[^/]+/immutable/(?:assets|chunks|entry|nodes|workers)/")
# Vite's `assets/<name>-<8 characters of base64url>.<extension>`. A false match would pin a file for a year, so
# `assets/photo-Portrait.jpg` and `assets/scan-20240131.png` must not match: eight characters are taken for a hash when
# they mix small letters, capitals and digits; in code, which people rarely name so, when there is one capital or digit.
_VITE = re.compile(r"/assets/[^/]*-([A-Za-z0-9_-]{8})\.([a-z0-9]+)$")
_CODE = frozenset({"js", "mjs", "css", "map", "wasm"})


def is_hashed(path: str) -> bool:
    """Tell whether a file's name changes with its content. Only its last parts are looked at."""
    if _SVELTEKIT.search(path):
        return True
    match = _VITE.search("/" + path)
    if match is None:
        return False
    mark, extension = match.groups()
    capitals, digits = any(map(str.isupper, mark)), any(map(str.isdigit, mark))
    if extension in _CODE:
        return capitals or digits
    return capitals and digits and any(map(str.islower, mark))


def cache_control(path: str) -> str:
    """Return the `Cache-Control` of a static file that exists."""
    return IMMUTABLE if is_hashed(path) else REVALIDATE
