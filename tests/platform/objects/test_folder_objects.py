"""Objects in a folder, beyond what all objects keep to."""

import hashlib
import io
import os
import subprocess
import sys

import pytest

from battleshiper.platform.objects.folder import FolderObjects
from battleshiper.platform.objects.port import Copy, CopyRefusedError, KeyRefusedError, ObjectMissingError

BODY = b"hello"
COPY = Copy("builds/a", "sites/a", len(BODY), hashlib.sha256(BODY).hexdigest(), "text/plain")


@pytest.fixture
def objects(tmp_path):
    """Objects below `tmp_path/objects`."""
    return FolderObjects(tmp_path / "objects")


@pytest.fixture
def outside(tmp_path):
    """A folder that is nobody's business."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret").write_text("secret")
    return tmp_path / "outside"


def put(objects, key: str, body: bytes = BODY) -> None:
    """Put bytes under a key."""
    objects.put(key, io.BytesIO(body), "text/plain")


def names(folder) -> list[str]:
    """Return the names in a folder."""
    return sorted(path.name for path in folder.iterdir())


def leftovers(objects) -> list[str]:
    """Return what lies where files are written before they get their name."""
    return names(objects.path("x").parent / ".incoming")


def test_an_object_is_a_file_at_its_key(objects, tmp_path):
    """For whoever serves it directly."""
    put(objects, "sites/p/d/index.html")
    assert objects.path("sites/p/d/index.html") == tmp_path / "objects/sites/p/d/index.html"
    assert (tmp_path / "objects/sites/p/d/index.html").read_bytes() == BODY


def test_a_copy_takes_no_room(objects):
    """It is one more name for the same file."""
    put(objects, "builds/a")
    for _ in range(2):
        objects.copy([COPY])
        assert objects.path("sites/a").samefile(objects.path("builds/a"))
        assert leftovers(objects) == []


@pytest.mark.parametrize("error", [OSError("no links here"), PermissionError("nor there")])
def test_where_there_are_no_links_bytes_are_copied(objects, monkeypatch, error):
    """And verified once more."""

    def refuse(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(os, "link", refuse)
    put(objects, "builds/a")
    objects.copy([COPY])
    assert objects.read("sites/a") == BODY
    assert not objects.path("sites/a").samefile(objects.path("builds/a"))


def test_a_source_that_is_replaced_after_it_was_verified_is_not_copied(objects, monkeypatch):
    """The copy is what was verified, whatever is uploaded in that moment."""
    link = os.link

    def replace_then_link(*arguments: object, **options: object) -> None:
        put(objects, "builds/a", b"evil!")
        link(*arguments, **options)

    monkeypatch.setattr(os, "link", replace_then_link)
    put(objects, "builds/a")
    objects.copy([COPY])
    assert objects.read("sites/a") == BODY


def test_a_link_in_the_way_is_not_followed(objects, outside):
    """Not to read, write, list, copy or delete, neither as a file nor as a folder."""
    put(objects, "builds/a")
    objects.path("builds/file").symlink_to(outside / "secret")
    objects.path("builds/folder").symlink_to(outside)
    with pytest.raises(ObjectMissingError):
        objects.read("builds/file")
    for key in ("builds/folder/secret", "builds/folder/new"):
        with pytest.raises(KeyRefusedError):
            objects.read(key)
        with pytest.raises(KeyRefusedError):
            put(objects, key)
    with pytest.raises(KeyRefusedError):
        objects.delete("builds/folder/")
    assert [info.key for info in objects.list("builds/")] == ["builds/a"]
    put(objects, "builds/file", b"mine")
    objects.delete("builds/")
    assert names(outside) == ["secret"]
    assert (outside / "secret").read_text() == "secret"


def test_only_files_are_objects(objects):
    """A FIFO among them holds nobody up."""
    put(objects, "builds/a")
    os.mkfifo(objects.path("builds/pipe"))
    with pytest.raises(ObjectMissingError):
        objects.read("builds/pipe")
    assert [info.key for info in objects.list("builds/")] == ["builds/a"]
    objects.delete("builds/")
    assert not objects.path("builds/pipe").exists()


def test_a_key_is_a_file_or_a_folder(objects):
    """Not both; the error names the key's place, and nothing is left behind."""
    put(objects, "builds/a")
    put(objects, "builds/b/c")
    for key in ("builds/a/b", "builds/a/b/c", "builds/b"):
        with pytest.raises(KeyRefusedError, match=key):
            put(objects, key)
    assert leftovers(objects) == []


def test_the_place_for_unfinished_files_is_no_place_for_objects(objects):
    """Nobody reads or deletes what is on its way."""
    for refused in (lambda: put(objects, ".incoming/a"), lambda: objects.delete(".incoming/")):
        with pytest.raises(KeyRefusedError):
            refused()


def test_deleting_takes_empty_folders_along(objects, tmp_path):
    """But never the root, nor a folder that somebody uses."""
    put(objects, "sites/p/d1/a/b/c")
    put(objects, "sites/q/d1/a")
    objects.delete("sites/p/d1/")
    assert names(tmp_path / "objects/sites") == ["q"]
    objects.delete("sites/q/d1/")
    assert names(tmp_path / "objects") == [".incoming"]


def test_a_refused_copy_leaves_nothing_behind(objects):
    """Neither the target nor an unfinished file."""
    put(objects, "builds/a", b"other")
    with pytest.raises(CopyRefusedError):
        objects.copy([COPY])
    assert leftovers(objects) == []
    assert not objects.path("sites/a").exists()


def test_what_a_dead_process_left_is_tidied_up(objects, tmp_path):
    """Unfinished files of another day are removed when the objects are opened; those of today may be in use."""
    old, new = (tmp_path / "objects/.incoming" / name for name in ("old", "new"))
    for path in (old, new):
        path.write_bytes(b"half a fi")
    os.utime(old, (0, 0))
    FolderObjects(tmp_path / "objects")
    assert leftovers(objects) == ["new"]


BUSY = """
import hashlib, io, sys
from itertools import count
from pathlib import Path
from battleshiper.platform.objects.folder import FolderObjects
from battleshiper.platform.objects.port import Copy

objects = FolderObjects(Path(sys.argv[1]))
for number in count():
    key = f"{number % 5}/{number % 50}"
    body = bytes([number % 256]) * 300_000
    objects.put(f"builds/{key}", io.BytesIO(body), "text/plain")
    digest = hashlib.sha256(body).hexdigest()
    objects.copy([Copy(f"builds/{key}", f"sites/{key}", len(body), digest, "text/plain")])
    print(number, flush=True)
"""


def test_a_process_that_is_killed_leaves_whole_objects(objects, tmp_path):
    """What it was writing is there as a whole or not at all, and what it had finished is there."""
    for lines in (1, 20, 60):
        arguments = [sys.executable, "-c", BUSY, str(tmp_path / "objects")]
        with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
            for _ in range(lines):
                process.stdout.readline()
            process.kill()
        for place in ("builds/", "sites/"):
            found = list(objects.list(place))
            assert len(found) >= min(lines, 50)
            for info in found:
                body = objects.read(info.key)
                assert body == body[:1] * 300_000
