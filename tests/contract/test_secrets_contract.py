"""All secrets keep to these."""

from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest

from battleshiper.platform.secrets.port import SecretsError


def test_a_secret_is_made_once(open_secrets):
    """Whoever asks later gets what was made first, exactly as it was."""
    first = "-----BEGIN KEY-----\r\nzoë\n\n"
    assert open_secrets().get_or_create("tickets-key", lambda: first) == first
    assert open_secrets().get_or_create("tickets-key", lambda: "second") == first


def test_secrets_have_names(open_secrets):
    """One is not the other."""
    secrets = open_secrets()
    assert secrets.get_or_create("a", lambda: "1") == "1"
    assert secrets.get_or_create("b", lambda: "2") == "2"


def test_all_who_ask_at_once_get_the_same(open_secrets):
    """Though each has made one."""
    numbers = count()
    with ThreadPoolExecutor(20) as pool:
        got = set(pool.map(lambda _: open_secrets().get_or_create("key", lambda: str(next(numbers))), range(40)))
    assert len(got) == 1


def test_a_secret_is_replaced(open_secrets):
    """For everybody from then on, whether there was one or not."""
    open_secrets().replace("key", "new")
    assert open_secrets().get_or_create("key", lambda: "made") == "new"
    open_secrets().replace("key", "newer")
    assert open_secrets().get_or_create("key", lambda: "made") == "newer"


def test_an_empty_secret_is_refused(open_secrets):
    """It protects nothing."""
    with pytest.raises(SecretsError, match="empty"):
        open_secrets().get_or_create("key", lambda: "")
    with pytest.raises(SecretsError, match="empty"):
        open_secrets().replace("key", "")
    assert open_secrets().get_or_create("key", lambda: "good") == "good"


@pytest.mark.parametrize("name", ["", "../key", "a/b", "Key", ".key", "a b", "a\n", "ä"])
def test_a_name_is_no_path(open_secrets, name):
    """Only plain names are taken."""
    with pytest.raises(ValueError, match="no name"):
        open_secrets().get_or_create(name, lambda: "x")


def test_a_failure_to_make_one_leaves_none(open_secrets):
    """The next one who asks may make it."""

    def fail() -> str:
        raise OSError("no entropy")

    with pytest.raises(OSError, match="entropy"):
        open_secrets().get_or_create("key", fail)
    assert open_secrets().get_or_create("key", lambda: "good") == "good"
