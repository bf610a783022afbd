"""Which addresses are on this machine."""

import pytest

from battleshiper.platform.model.address import is_loopback


@pytest.mark.parametrize("url", ["http://localhost:1", "http://me.LOCALHOST./x", "http://127.9.9.9", "http://[::1]:80"])
def test_here(url: str) -> None:
    """Names below localhost and loopback addresses are here."""
    assert is_loopback(url)


@pytest.mark.parametrize("url", ["https://github.com", "http://localhost.example", "http://10.0.0.1", "http://0.0.0.0"])
def test_elsewhere(url: str) -> None:
    """Everything else is not known to be."""
    assert not is_loopback(url)
