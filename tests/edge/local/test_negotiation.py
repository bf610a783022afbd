"""Headers that ask for something, in all their spellings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battleshiper.edge.local.client import Client, Clients
from battleshiper.edge.local.negotiation import encoding_for, matches, part_of


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, None),
        (b"", None),
        (b"gzip, deflate, br, zstd", b"br"),
        (b"GZIP", b"gzip"),
        (b"br;q=0, gzip;q=0.5", b"gzip"),
        (b"br;q=0,gzip;q=0.000", None),
        (b"*", b"br"),
        (b"*;q=0", None),
        (b"br;q=0, *", b"gzip"),
        (b"identity", None),
        (b"br ; q=1.0 , x", b"br"),
        (b"br;q=x", b"br"),
        (b"br;q=.", None),
    ],
)
def test_encodings(header: bytes | None, expected: bytes | None) -> None:
    """The client's word counts, brotli before gzip."""
    assert encoding_for(header) == expected


def test_entity_tags() -> None:
    """Weak and strong, one and many, and the star."""
    assert matches(b'"a"', b'"a"')
    assert matches(b'W/"a"', b'"a"')
    assert matches(b'"x" , "a"', b'"a"')
    assert matches(b"*", b'"a"')
    assert not matches(b'"a-br"', b'"a"')
    assert not matches(b"", b'"a"')


@given(
    st.integers(0, 1000), st.binary(max_size=20).map(b"bytes=".__add__) | st.from_regex(rb"\Abytes=\d{0,5}-\d{0,5}\Z")
)
def test_parts_are_within_the_file(size: int, value: bytes) -> None:
    """Whatever is asked for: a part lies within the file, or there is none."""
    try:
        part = part_of(size, value)
    except ValueError:
        return
    if part is not None:
        assert 0 <= part[0] <= part[1] < size


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        (("203.0.113.1", 1), "6.6.6.6", "203.0.113.1"),
        (("10.0.0.1", 1), "6.6.6.6", "6.6.6.6"),
        (("10.0.0.1", 1), "6.6.6.6, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (("10.0.0.1", 1), "6.6.6.6, nonsense", "10.0.0.1"),
        (("10.0.0.1", 1), "nonsense, 203.0.113.9", "203.0.113.9"),
        (("10.0.0.1", 1), "", "10.0.0.1"),
        (("10.0.0.1", 1), "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        (("::ffff:10.0.0.1", 1), "2001:db8::1", "2001:db8::1"),
        (None, "6.6.6.6", "127.0.0.1"),
    ],
)
def test_who_asks(peer: tuple[str, int] | None, forwarded: str, expected: str) -> None:
    """Trusted proxies are believed from the right, up to the first address that none of them has."""
    headers = [(b"x-forwarded-for", forwarded.encode()), (b"x-forwarded-proto", b"http, https")]
    client = Clients(["10.0.0.0/8"]).identify(peer, "http", headers)
    assert client.address == expected
    trusted = peer is not None and "10.0.0.1" in peer[0]
    assert client.protocol == ("https" if trusted else "http")


def test_nobody_is_trusted_unasked() -> None:
    """Without trusted proxies the connection itself is all that counts, also on this machine."""
    headers = [(b"x-forwarded-for", b"6.6.6.6"), (b"x-forwarded-proto", b"https")]
    assert Clients().identify(("127.0.0.1", 1), "http", headers) == Client("127.0.0.1", "http")


def test_odd_networks_are_refused() -> None:
    """A mistake in the settings is found at the start."""
    with pytest.raises(ValueError, match=r"10\.0\.0"):
        Clients(["10.0.0.0/40"])
