"""What goes to Lambda: the build's files and ours, the same bytes each time."""

import base64
import hashlib
import io
from zipfile import ZipFile

import pytest

from battleshiper.platform.functions.aws.faults import failure_of
from battleshiper.platform.functions.aws.package import Bootstrap, lambda_package
from battleshiper.platform.functions.aws.runtime import runtime_for
from battleshiper.platform.model.function import FunctionFailedError

BOOTSTRAP = Bootstrap({"_ours/lambda.mjs": b"export const handler = 1", "_ours/a.mjs": b"a"}, "_ours/lambda.handler")


def test_the_package_has_our_files_beside_the_builds(pack):
    """All of them readable for everybody, because Lambda runs as somebody else."""
    whole = lambda_package(pack("export {}", {"chunks/a.mjs": "1"}), BOOTSTRAP)
    with ZipFile(io.BytesIO(whole.zip)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["index.mjs", "chunks/a.mjs", "_ours/a.mjs", "_ours/lambda.mjs"]
        assert archive.read("_ours/lambda.mjs") == b"export const handler = 1"
        assert archive.read("index.mjs") == b"export {}"
        assert {entry.external_attr >> 16 for entry in archive.infolist()} == {0o100644}


def test_the_same_files_make_the_same_bytes(pack):
    """So that publishing again makes no other version; the order in which ours are named does not matter."""
    package = pack("export {}")
    turned = Bootstrap(dict(reversed(BOOTSTRAP.files.items())), BOOTSTRAP.handler)
    first, second = lambda_package(package, BOOTSTRAP), lambda_package(package, turned)
    assert first.zip == second.zip
    assert base64.b64decode(first.sha256) == hashlib.sha256(first.zip).digest()


@pytest.mark.parametrize(
    ("files", "version"),
    [
        ({"node-version": "24.11.0\n"}, "24.11.0"),
        ({"node-version": "v24; rm -rf"}, None),
        ({"node-version": "9" * 1000}, None),
        ({}, None),
    ],
)
def test_the_note_of_the_adapter_is_read(pack, files, version):
    """And not believed to be a version unless it looks like one."""
    assert lambda_package(pack("export {}", files), BOOTSTRAP).built_with == version


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"_ours/lambda.mjs": "mine"}, "'_ours/lambda.mjs' is where the platform's own file goes"),
        ({"../up": ""}, "'../up' is no place"),
    ],
)
def test_a_package_with_files_in_wrong_places_is_refused(pack, files, said):
    """By name."""
    with pytest.raises(FunctionFailedError, match=said):
        lambda_package(pack("export {}", files), BOOTSTRAP)


def test_what_is_no_package_is_refused(pack):
    """Neither a zip nor one with its entry, once."""
    nothing = io.BytesIO()
    with ZipFile(nothing, "w") as archive:
        archive.writestr("other.mjs", "")
    for broken in (b"", b"not a zip", nothing.getvalue()):
        with pytest.raises(FunctionFailedError, match="package was refused"):
            lambda_package(broken, BOOTSTRAP)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_that_is_there_twice_is_refused():
    """Nobody knows which one Lambda would take."""
    twice = io.BytesIO()
    with ZipFile(twice, "w") as archive:
        archive.writestr("index.mjs", "one")
        archive.writestr("index.mjs", "two")
    with pytest.raises(FunctionFailedError, match="a file twice"):
        lambda_package(twice.getvalue(), BOOTSTRAP)


@pytest.mark.parametrize(
    ("built_with", "runtime"),
    [
        ("22.17.0", "nodejs22.x"),
        ("24.11.0", "nodejs24.x"),
        ("26.1.0", "nodejs26.x"),
        ("20.0.0", "nodejs22.x"),
        ("23.0.0", "nodejs24.x"),
        ("99.0.0", "nodejs26.x"),
        (None, "nodejs24.x"),
    ],
)
def test_the_runtime_is_that_of_the_build(built_with, runtime):
    """Or the nearest one that Lambda has."""
    assert runtime_for(built_with) == runtime


def test_a_failure_is_told_with_the_functions_last_words():
    """Without Lambda's own lines."""
    log = "START RequestId: 1\nCannot find module 'x'\nEND RequestId: 1\nREPORT RequestId: 1 Duration: 1 ms\n"
    answer = {
        "FunctionError": "Unhandled",
        "Payload": io.BytesIO(b'{"errorType": "Runtime.ImportModuleError", "errorMessage": "Error: no x"}'),
        "LogResult": base64.b64encode(log.encode()).decode(),
    }
    assert str(failure_of(answer)) == "Runtime.ImportModuleError: Error: no x\nCannot find module 'x'"


@pytest.mark.parametrize("payload", [b"", b"null", b"[1]", b"not json"])
def test_a_failure_without_a_reason_is_one_still(payload):
    """What a function says may be anything."""
    assert str(failure_of({"FunctionError": "Unhandled", "Payload": io.BytesIO(payload)})) == "Unhandled"
