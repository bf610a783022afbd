"""Markers: what people write into a commit's message to have it left alone.

GitHub knows `[skip ci]`, `[ci skip]` and `[no ci]`, Netlify `[skip ci]` and its own name, Cloudflare Pages `[ci skip]`
and `[skip-ci]` in any case; a tool's own name works in the same places. `[skip actions]` is about GitHub's workflows
alone: on no other host does it keep a site from being deployed, so here it does not either.

Sources: https://docs.github.com/en/actions/how-tos/manage-workflow-runs/skip-workflow-runs,
https://developers.cloudflare.com/pages/configuration/branch-build-controls/
"""

import re

_WHAT = "ci|deploy|battleshiper"
# ASCII alone: in any case a long s is an s, and a Kelvin sign a k.
_MARKER = re.compile(rf"\[(?:skip[ -](?:{_WHAT})|(?:{_WHAT})[ -]skip|no[ -]ci)\]", re.IGNORECASE | re.ASCII)


def find_marker(message: str) -> str | None:
    """Return the first marker in a commit's message, in small letters, None where there is none."""
    found = _MARKER.search(message)
    return found[0].lower() if found else None
