"""Where a name leads."""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import httpx

_HTTPS = 443


@dataclass(frozen=True, slots=True)
class Place:
    """What a name leads to: `is_right` where it is the distribution it has to be."""

    is_right: bool = False
    addresses: tuple[str, ...] = ()
    """Empty where the name leads nowhere."""

    @property
    def is_elsewhere(self) -> bool:
        """Tell whether it leads to something else."""
        return bool(self.addresses) and not self.is_right

    def __str__(self) -> str:
        return ", ".join(self.addresses) or "nowhere"


class Lookup(Protocol):
    """Looks names up."""

    def find(self, name: str, target: str) -> Place:
        """Return where a name leads, which has to be where `target` leads."""
        ...


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a resolver says of a name."""

    canonical: str
    """The name at the end of its CNAME records."""
    addresses: tuple[str, ...]


def resolve(name: str) -> Resolved | None:
    """Ask this machine's resolver; None where the name leads nowhere."""
    try:
        found = socket.getaddrinfo(name, _HTTPS, type=socket.SOCK_STREAM, flags=socket.AI_CANONNAME)
    except OSError:
        return None
    return Resolved(found[0][3].rstrip(".").lower(), tuple(sorted({str(each[4][0]) for each in found})))


class Resolution:
    """Asks the resolver. Where that is not enough (an ALIAS record or a proxy hides the distribution's name, and its
    addresses are others at each place), it asks whether CloudFront answers by HTTPS: of all distributions only the one
    that has the name and its certificate does, and no two can have the same name
    (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/CNAMEs.html)."""

    def __init__(self, http: httpx.Client, resolve: Callable[[str], Resolved | None] = resolve) -> None:
        self._http = http
        self._resolve = resolve

    def find(self, name: str, target: str) -> Place:
        """Return where a name leads, which has to be where `target` leads."""
        found = self._resolve(name)
        if found is None:
            return Place()
        is_right = found.canonical == target.lower() or self._is_cloudfront(name)
        return Place(is_right, found.addresses)

    def _is_cloudfront(self, name: str) -> bool:
        try:
            answer = self._http.get(f"https://{name}/")
        except httpx.HTTPError:
            return False
        return VIA_CLOUDFRONT in answer.headers and answer.status_code != httpx.codes.FORBIDDEN


VIA_CLOUDFRONT = "x-amz-cf-id"
"""A header of every answer of CloudFront
(https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html)."""
