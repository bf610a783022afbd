"""All secrets keep to these."""

from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest

from battleshiper.platform.secrets.port import SecretChangedError, SecretsError


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


def test_what_is_there_is_read(open_secrets):
    """Where there is nothing, nothing is made."""
    assert open_secrets().get("key") is None
    assert open_secrets().get_or_create("key", lambda: "made") == "made"
    assert open_secrets().get("key") == "made"


def test_a_secret_is_replaced(open_secrets):
    """For everybody from then on, by who knows what it was."""
    open_secrets().get_or_create("key", lambda: "old")
    open_secrets().replace("key", "new", expected="old")
    assert open_secrets().get("key") == "new"
    open_secrets().replace("key", "newer", expected="new")
    assert open_secrets().get("key") == "newer"


def test_what_somebody_else_has_replaced_is_not_replaced(open_secrets):
    """The value that was read is there no more; nor is there anything to replace before the first value."""
    with pytest.raises(SecretChangedError, match="at the same time"):
        open_secrets().replace("key", "new", expected="old")
    open_secrets().get_or_create("key", lambda: "old")
    open_secrets().replace("key", "theirs", expected="old")
    with pytest.raises(SecretChangedError):
        open_secrets().replace("key", "ours", expected="old")
    assert open_secrets().get("key") == "theirs"


def test_one_of_all_who_replace_at_once_succeeds(open_secrets):
    """The others hear of it, and the value is that one's."""
    open_secrets().get_or_create("key", lambda: "old")

    def replace(number: int) -> int | None:
        try:
            open_secrets().replace("key", str(number), expected="old")
        except SecretChangedError:
            return None
        return number

    with ThreadPoolExecutor(20) as pool:
        won = [number for number in pool.map(replace, range(40)) if number is not None]
    assert [open_secrets().get("key")] == [str(number) for number in won]


def test_an_empty_secret_is_refused(open_secrets):
    """It protects nothing."""
    with pytest.raises(SecretsError, match="empty"):
        open_secrets().get_or_create("key", lambda: "")
    assert open_secrets().get_or_create("key", lambda: "good") == "good"
    with pytest.raises(SecretsError, match="empty"):
        open_secrets().replace("key", "", expected="good")
    assert open_secrets().get("key") == "good"


@pytest.mark.parametrize("name", ["", "../key", "a/b", "Key", ".key", "a b", "a\n", "ä"])
def test_a_name_is_no_path(open_secrets, name):
    """Only plain names are taken."""
    secrets = open_secrets()
    for use in (
        lambda: secrets.get(name),
        lambda: secrets.get_or_create(name, lambda: "x"),
        lambda: secrets.replace(name, "y", expected="x"),
    ):
        with pytest.raises(ValueError, match="no name"):
            use()


def test_a_failure_to_make_one_leaves_none(open_secrets):
    """The next one who asks may make it."""

    def fail() -> str:
        raise OSError("no entropy")

    with pytest.raises(OSError, match="entropy"):
        open_secrets().get_or_create("key", fail)
    assert open_secrets().get_or_create("key", lambda: "good") == "good"
