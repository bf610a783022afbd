"""Whether a request comes from a page of ours: no other site's may act for whoever is signed in here.

Browsers say where a request comes from in `Origin`, and older ones leave it out where it is the same
(https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Origin); `Sec-Fetch-Site` says it too
(https://www.w3.org/TR/fetch-metadata/).
"""

from collections.abc import Mapping
from urllib.parse import urlsplit


def origin_of(url: str) -> str:
    """Return the origin of an http or https URL, as browsers write it."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    is_default = parts.port in (None, {"http": 80, "https": 443}.get(parts.scheme))
    return f"{parts.scheme}://{host}" if is_default else f"{parts.scheme}://{host}:{parts.port}"


def is_from_us(headers: Mapping[str, str], own_origin: str) -> bool:
    """Tell whether a request was sent by a page of `own_origin`. What says nothing of it was not."""
    origin = headers.get("origin")
    if origin is not None:
        return origin == own_origin
    return headers.get("sec-fetch-site") == "same-origin"
