"""All objects keep to these."""

import hashlib
import io
from concurrent.futures import ThreadPoolExecutor

import pytest

from battleshiper.platform.objects.port import Copy, CopyRefusedError, KeyRefusedError, ObjectInfo, ObjectMissingError


@pytest.fixture
def put(objects):
    """Put bytes under a key."""
    return lambda key, body=b"hello": objects.put(key, io.BytesIO(body), "text/plain")


def copy_of(source: str, target: str, body: bytes) -> Copy:
    """Return the copy of what should be `body`."""
    return Copy(source, target, len(body), hashlib.sha256(body).hexdigest(), "text/plain")


def keys(objects, prefix: str) -> list[str]:
    """Return the keys below a prefix."""
    return [info.key for info in objects.list(prefix)]


@pytest.mark.parametrize(
    "name", ["a.txt", "ä/🚢/%2e%2e", "-x", "a b&c?d#e", ".hidden", "x" * 255, "con", "*", "[id].js"]
)
def test_what_is_put_is_read(objects, put, name):
    """Any name a file may have is a key."""
    put(f"builds/p/d/{name}", b"\0\xff")
    assert objects.read(f"builds/p/d/{name}") == b"\0\xff"
    assert list(objects.list("builds/p/d/")) == [ObjectInfo(f"builds/p/d/{name}", 2)]


def test_a_put_replaces_what_was_there(objects, put):
    """The last one is read."""
    put("builds/a", b"long before")
    put("builds/a", b"")
    assert objects.read("builds/a") == b""


@pytest.mark.parametrize("key", ["", "/etc/passwd", "a/../b", "../a", "a//b", "a/./b", "a\\b", "a\0b", "a/", "\ud83d"])
def test_a_key_that_leads_elsewhere_is_refused(objects, put, key):
    """Nothing is read, written or copied there."""
    with pytest.raises(KeyRefusedError):
        put(key)
    with pytest.raises(KeyRefusedError):
        objects.read(key)
    put("builds/a")
    with pytest.raises(KeyRefusedError):
        objects.copy([copy_of("builds/a", key, b"hello")])


@pytest.mark.parametrize("prefix", ["", "/", "builds", "../", "builds/../sites/", "builds//"])
def test_a_prefix_that_is_none_is_refused(objects, put, prefix):
    """Above all, nothing is deleted there."""
    put("builds/a")
    put("sites/a")
    with pytest.raises(KeyRefusedError):
        objects.delete(prefix)
    with pytest.raises(KeyRefusedError):
        list(objects.list(prefix))
    assert objects.read("builds/a") == objects.read("sites/a") == b"hello"


@pytest.mark.parametrize("key", ["builds/gone", "builds", "builds/a/b"])
def test_what_is_not_there_is_missed(objects, put, key):
    """A folder of objects is no object, and nothing is inside of one."""
    put("builds/a")
    with pytest.raises(ObjectMissingError, match=key):
        objects.read(key)


def test_objects_are_listed_by_their_keys_bytes(objects, put):
    """Below the prefix and nowhere else; nothing for a prefix that nobody used."""
    names = ["a/b", "a-b", "a.b", "a/b.c/d", "b", "ä", "Z"]
    for name in names:
        put(f"sites/p/{name}")
    put("sites/pq/x")
    assert keys(objects, "sites/p/") == sorted((f"sites/p/{name}" for name in names), key=str.encode)
    assert keys(objects, "sites/none/") == []


def test_a_put_that_breaks_off_leaves_what_was_there(objects, put):
    """A body that cannot be read to its end is not stored."""

    class Broken(io.RawIOBase):
        sent = False

        def read(self, size: int = -1) -> bytes:
            if self.sent:
                raise ConnectionError("gone")
            self.sent = True
            return b"half of it"

    put("builds/a")
    for key in ("builds/a", "builds/b"):
        with pytest.raises(ConnectionError):
            objects.put(key, Broken(), "text/plain")
    assert objects.read("builds/a") == b"hello"
    assert keys(objects, "builds/") == ["builds/a"]


def test_puts_of_one_key_at_once_leave_one_of_them(objects, put):
    """Never a mixture."""
    bodies = [bytes([number]) * 100_000 for number in range(16)]
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda body: put("builds/a", body), bodies))
    assert objects.read("builds/a") in bodies


def test_what_is_copied_is_there_twice(objects, put):
    """Also when copied again, and when the first one goes."""
    bodies = {f"client/{number % 7}/{number}": b"%d" % number * number for number in range(100)}
    for name, body in bodies.items():
        put(f"builds/{name}", body)
    copies = [copy_of(f"builds/{name}", f"sites/{name}", body) for name, body in bodies.items()]
    objects.copy(copies)
    objects.copy(copies)
    objects.copy([])
    objects.delete("builds/")
    assert keys(objects, "builds/") == []
    assert {key.removeprefix("sites/"): objects.read(key) for key in keys(objects, "sites/")} == bodies


@pytest.mark.parametrize("found", [b"hellO", b"hello!", b""])
def test_a_copy_of_something_else_is_refused(objects, put, found):
    """Neither other bytes nor more or fewer of them; the target stays as it was."""
    put("builds/a", found)
    put("sites/a", b"before")
    with pytest.raises(CopyRefusedError, match="'builds/a'"):
        objects.copy([copy_of("builds/a", "sites/a", b"hello")])
    assert objects.read("sites/a") == b"before"


def test_a_copy_of_nothing_is_refused(objects, put):
    """A manifest may name what was never uploaded."""
    put("builds/a")
    with pytest.raises(ObjectMissingError, match="builds/gone"):
        objects.copy([copy_of("builds/a", "sites/a", b"hello"), copy_of("builds/gone", "sites/b", b"hello")])


def test_a_copy_does_not_change_with_its_source(objects, put):
    """What is uploaded later changes nothing that is served."""
    put("builds/a")
    objects.copy([copy_of("builds/a", "sites/a", b"hello")])
    put("builds/a", b"other")
    assert objects.read("sites/a") == b"hello"


def test_only_what_is_below_the_prefix_is_deleted(objects, put):
    """Deleting again, or what never was, is fine."""
    for key in ("sites/p/d1/a", "sites/p/d1/b/c", "sites/p/d10/a", "sites/q/d1/a"):
        put(key)
    objects.delete("sites/p/d1/")
    objects.delete("sites/p/d1/")
    objects.delete("never/was/")
    assert keys(objects, "sites/") == ["sites/p/d10/a", "sites/q/d1/a"]


def test_one_object_is_removed(objects, put):
    """Only the one, and again it does no harm; a key that leads elsewhere is refused."""
    put("records/p/d1.json")
    put("records/p/d2.json")
    objects.remove("records/p/d1.json")
    objects.remove("records/p/d1.json")
    objects.remove("never/was")
    assert keys(objects, "records/") == ["records/p/d2.json"]
    with pytest.raises(KeyRefusedError):
        objects.remove("records/../records/p/d2.json")


def test_puts_survive_deletes_beside_them(objects, put):
    """Deleting neighbours, which may take folders away, loses no put."""

    def put_and_delete(number: int) -> None:
        objects.delete(f"builds/p/d{number}/")
        put(f"builds/p/d{number}/a/b", b"%d" % number)
        objects.delete(f"builds/p/d{number + 1000}/")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(put_and_delete, range(64)))
    assert len(keys(objects, "builds/p/")) == 64
