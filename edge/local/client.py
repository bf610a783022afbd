"""Who really asks: the client's address and protocol, also behind a reverse proxy that we trust."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Client:
    """`address` is an IP address, `protocol` is `http` or `https`."""

    address: str
    protocol: str


class Clients:
    """Believes `X-Forwarded-For` and `X-Forwarded-Proto` from trusted proxies, and from nobody else."""

    def __init__(self, trusted_proxies: Iterable[str] = ()) -> None:
        """`trusted_proxies` are addresses or networks (`10.0.0.0/8`); raises ValueError for anything else."""
        self._trusted: tuple[Network, ...] = tuple(ip_network(network) for network in trusted_proxies)

    def identify(self, peer: tuple[str, int] | None, scheme: str, headers: Iterable[tuple[bytes, bytes]]) -> Client:
        """Say who asks. `peer` is the other end of the connection, None for a unix socket."""
        address = peer[0] if peer else "127.0.0.1"
        if not self._trusted or not self._trusts(address):
            return Client(address, scheme)
        forwarded: list[str] = []
        for name, value in headers:
            if name == b"x-forwarded-for":
                forwarded.extend(item.strip() for item in value.decode("latin-1").split(","))
            elif name == b"x-forwarded-proto":
                # Each proxy adds to the right, and the last one is ours.
                last = value.decode("latin-1").rpartition(",")[2].strip().lower()
                scheme = last if last in ("http", "https") else scheme
        for candidate in reversed(forwarded):
            if not _is_address(candidate):
                break
            address = candidate
            if not self._trusts(candidate):
                break
        return Client(address, scheme)

    def _trusts(self, address: str) -> bool:
        if not _is_address(address):
            return False
        parsed = ip_address(address)
        if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
            parsed = parsed.ipv4_mapped
        return any(parsed in network for network in self._trusted)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
