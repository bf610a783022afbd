"""All routes keep to these."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from battleshiper.platform.routes.port import MAX_KEY_BYTES, MAX_VALUE_BYTES, RouteRefusedError


@pytest.fixture
def routes(open_routes):
    """Routes to write to."""
    return open_routes()


def test_what_is_written_is_found(routes, open_routes):
    """Now and by those who come later; what was never written is not."""
    routes.write({"shop": '{"d":"x1"}', "ä": "🚢", "empty": ""})
    for each in (routes, open_routes()):
        assert (each.get("shop"), each.get("ä"), each.get("empty"), each.get("Shop")) == ('{"d":"x1"}', "🚢", "", None)


def test_a_write_puts_and_deletes(routes, open_routes):
    """Deleting what is not there is fine, and so is doing it all again."""
    routes.write({"a": "1", "b": "2"})
    for _ in range(2):
        routes.write({"a": None, "b": "3", "c": None, "d": "4"})
    for each in (routes, open_routes()):
        assert [each.get(key) for key in "abcd"] == [None, "3", None, "4"]


def test_a_rebuild_leaves_nothing_else(routes, open_routes):
    """What is not among the new entries is gone; the entries given are not kept an eye on."""
    routes.write({"a": "1", "b": "2"})
    entries = {"b": "3", "c": "4"}
    routes.rebuild(entries)
    entries["a"] = "5"
    for each in (routes, open_routes()):
        assert [each.get(key) for key in "abc"] == [None, "3", "4"]


def test_the_largest_entry_fits(routes):
    """Bytes count, not characters."""
    routes.write({"ä" * (MAX_KEY_BYTES // 2): "🚢" * (MAX_VALUE_BYTES // 4)})
    assert routes.get("ä" * (MAX_KEY_BYTES // 2)) == "🚢" * (MAX_VALUE_BYTES // 4)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("", "x"),
        ("k" * (MAX_KEY_BYTES + 1), "x"),
        ("ä" * (MAX_KEY_BYTES // 2) + "k", "x"),
        ("k", "x" * (MAX_VALUE_BYTES + 1)),
        ("k", "🚢" * (MAX_VALUE_BYTES // 4) + "x"),
        ("k", "\ud83d"),
        ("\ud83d", "x"),
    ],
)
def test_what_does_not_fit_is_refused(routes, open_routes, key, value):
    """With everything that was written together with it."""
    routes.write({"a": "1"})
    with pytest.raises(RouteRefusedError):
        routes.write({"a": "2", key: value})
    with pytest.raises(RouteRefusedError):
        routes.rebuild({"b": "2", key: value})
    for each in (routes, open_routes()):
        assert (each.get("a"), each.get("b"), each.get("k")) == ("1", None, None)


def test_writers_at_once_lose_nothing(routes, open_routes):
    """Each key ends as its last writer left it, for all readers."""

    def write(number: int) -> None:
        routes.write({f"own-{number}": str(number), "shared": str(number), f"old-{number}": None})

    routes.write({f"old-{number}": "x" for number in range(40)})
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    again = open_routes()
    assert [again.get(f"own-{number}") for number in range(40)] == [str(number) for number in range(40)]
    assert not any(again.get(f"old-{number}") for number in range(40))
    assert again.get("shared") == routes.get("shared")
