"""The ticket keys as they are kept."""

from datetime import UTC, datetime

import pytest

from battleshiper.platform.tickets.keys import KeyRing, PublicRing

NOW = datetime(2026, 5, 4, 12, 0, 0, 123456, tzinfo=UTC)
RING = KeyRing.new(NOW).rotated(NOW)


def test_a_ring_is_read_as_it_was_kept() -> None:
    """Nothing of it changes, neither its own age nor the ends of the keys before."""
    assert KeyRing.from_json(RING.to_json()) == RING
    assert PublicRing.from_json(RING.public().to_json()) == RING.public()


def test_the_public_ring_does_not_sign() -> None:
    """What is announced has no private key in it, and neither has a ring that is printed."""
    assert "PRIVATE" not in RING.public().to_json()
    assert "PRIVATE" not in repr(RING)


def test_a_ring_of_another_version() -> None:
    """Rings that were kept with `Z` for UTC, without an age, or with a field more are read as well."""
    text = RING.to_json().replace("+00:00", "Z")
    assert KeyRing.from_json(text.replace("{", '{"more": 1, ', 1)) == RING
    old = KeyRing.from_json('{"kid": "k", "public_pem": "p", "private_pem": "s", "made_at": null}')
    assert (old.made_at, old.retired) == (None, ())


@pytest.mark.parametrize("text", ["", "null", "[]", "{}", '{"kid": "k"}', RING.to_json().replace("verifies", "v")])
def test_what_is_no_ring(text: str) -> None:
    """One error says so, whatever is wrong."""
    with pytest.raises(ValueError, match="ticket keys"):
        KeyRing.from_json(text)
