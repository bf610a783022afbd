"""Identifiers of our own."""

from battleshiper.platform.model.hostname import MAX_LABEL, deployment_label
from battleshiper.platform.model.identifier import new_identifier
from battleshiper.platform.model.manifest import check_path


def test_identifiers_differ() -> None:
    """Ten thousand of them are ten thousand."""
    assert len({new_identifier() for _ in range(10_000)}) == 10_000


def test_identifiers_go_everywhere() -> None:
    """They fit a label, a file's name, an object's key and an alias of Lambda's, and have no character that is read as
    another."""
    for _ in range(200):
        identifier = new_identifier()
        assert len(identifier) == 10
        assert identifier.isascii()
        assert identifier.isalnum()
        assert identifier[0].isalpha()
        assert not set(identifier) & set("lo01ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        check_path(identifier)
        assert len(deployment_label("x" * 40, identifier)) <= MAX_LABEL


def test_the_length_can_be_chosen() -> None:
    """More characters make a longer one."""
    assert len(new_identifier(26)) == 26
