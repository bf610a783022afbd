"""Origins, as browsers write them."""

import pytest

from battleshiper.platform.web.origin import is_from_us, origin_of


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://ship.example", "https://ship.example"),
        ("https://Ship.Example:443/path?query", "https://ship.example"),
        ("http://ship.example:80", "http://ship.example"),
        ("http://localhost:8787", "http://localhost:8787"),
        ("https://ship.example:80", "https://ship.example:80"),
        ("http://[::1]:8787/", "http://[::1]:8787"),
    ],
)
def test_origins(url, origin):
    """Without what is the scheme's default, in lowercase."""
    assert origin_of(url) == origin
    assert is_from_us({"origin": origin}, origin)
    assert not is_from_us({}, origin)
