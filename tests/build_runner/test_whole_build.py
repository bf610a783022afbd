"""Whole builds, by the program as the builder starts it, in a real sandbox."""

import contextlib
import hashlib
import os
import re
import time
from pathlib import Path
from typing import Any

import pytest

from battleshiper.platform.model.instructions import BuildLimits
from battleshiper.platform.model.result import FailureCode

pytestmark = pytest.mark.sandbox

COPY = {"scripts": {"build": "mkdir dist && cp page.html dist/index.html"}}


def test_plain_files_are_served_as_they_are(stand_in: Any) -> None:
    """Without anything to build, all but hidden files and settings is the site."""
    sha = stand_in.commit(
        {
            "index.html": "<h1>hi</h1>",
            "img/a.png": b"\x89PNG\r\n--\r\n",
            ".env": "SECRET=1",
            ".well-known/security.txt": "Contact: x",
            "battleshiper.toml": "",
        }
    )
    ended = stand_in.build(sha)
    assert ended.code == 0, ended.log
    assert ended.uploads == {
        "client/index.html": b"<h1>hi</h1>",
        "client/img/a.png": b"\x89PNG\r\n--\r\n",
        "client/.well-known/security.txt": b"Contact: x",
    }
    assert ended.types["client/index.html"] == "text/html; charset=utf-8"
    assert ended.result.framework == "files"
    listed = {file.path: file for file in ended.result.manifest.files}
    assert listed["client/img/a.png"].sha256 == hashlib.sha256(b"\x89PNG\r\n--\r\n").hexdigest()
    assert listed["client/img/a.png"].bytes == 10


def test_a_static_site_is_built(stand_in: Any) -> None:
    """npm installs, the script runs, what it left is the site; each line of the log has its time."""
    ended = stand_in.build(stand_in.commit({"package.json": COPY, "page.html": "built"}))
    assert ended.code == 0, ended.log
    assert ended.uploads == {"client/index.html": b"built"}
    assert (ended.result.framework, ended.result.node_version) == ("static", "24.0.0")
    assert ended.result.package_manager == "npm 11.0.0"
    assert ended.result.timings.build > 0
    assert all(re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ", line) for line in ended.log.splitlines())
    assert "» Fetching" in ended.log


def test_exactly_the_asked_commit_is_built(stand_in: Any) -> None:
    """Not the branch's head, whatever was pushed since."""
    first = stand_in.commit({"index.html": "first"})
    stand_in.commit({"index.html": "second"})
    assert stand_in.build(first).uploads == {"client/index.html": b"first"}


def test_without_a_sandbox_where_the_operator_allows_it(stand_in: Any) -> None:
    """The same build by plain processes."""
    ended = stand_in.build(stand_in.commit({"package.json": COPY, "page.html": "built"}), unsafe=True)
    assert ended.code == 0, ended.log
    assert ended.uploads == {"client/index.html": b"built"}


def test_a_wrong_command_fails_with_its_words(stand_in: Any) -> None:
    """The log has what the program said, the result the code and what to do."""
    ended = stand_in.build(stand_in.commit({"battleshiper.toml": 'build_command = "no-such-thing --now"'}))
    assert ended.code == 1
    assert ended.result.failure.code is FailureCode.BUILD
    assert "exit code 127" in ended.result.failure.message
    assert "not found" in ended.result.failure.hint
    assert re.search("no-such-thing: not found", ended.log)


def test_a_missing_output_says_which_folders_exist(stand_in: Any) -> None:
    """A build that leaves its files elsewhere can be mended from the message."""
    settings = 'build_command = "mkdir -p website"\noutput_directory = "dist"\n'
    ended = stand_in.build(stand_in.commit({"battleshiper.toml": settings, "src/a": ""}))
    assert ended.result.failure.code is FailureCode.OUTPUT
    assert "no folder 'dist'. Folders that exist: src, website." in ended.result.failure.message


def test_an_empty_output_is_a_failure(stand_in: Any) -> None:
    """An empty site never replaces a good one."""
    ended = stand_in.build(stand_in.commit({"battleshiper.toml": 'build_command = "mkdir dist"'}))
    assert ended.result.failure.code is FailureCode.OUTPUT
    assert "'dist' is empty" in ended.result.failure.message


def test_a_fault_in_the_settings_names_the_line(stand_in: Any) -> None:
    """battleshiper.toml is data: the deployment fails, nothing else does."""
    ended = stand_in.build(stand_in.commit({"battleshiper.toml": "\nbuild = 1\n"}))
    assert ended.result.failure.code is FailureCode.SETTINGS
    assert "line 2: unknown key 'build'" in ended.result.failure.message


def test_a_hanging_build_is_ended(stand_in: Any) -> None:
    """After its time the build ends, with all it started."""
    command = "(setsid sh -c 'trap \\\"\\\" TERM; sleep 300' &) ; sleep 300"
    sha = stand_in.commit({"battleshiper.toml": f'build_command = "{command}"'})
    limits = {"seconds": 2}
    ended = stand_in.build(sha, limits=_limits(limits))
    assert ended.code == 1, ended.log
    assert ended.result.failure.code is FailureCode.TIMEOUT
    assert "2 seconds" in ended.result.failure.message


@pytest.mark.parametrize("unsafe", [False, True])
def test_a_build_that_eats_memory_is_ended(stand_in: Any, unsafe: bool) -> None:
    """The failure says how much there is; without control groups the runner itself counts."""
    script = "const a = []; setInterval(() => a.push(Buffer.alloc(1 << 22, 1)), 5)"
    settings = f"build_command = '''node -e \"{script}\"'''"
    ended = stand_in.build(
        stand_in.commit({"battleshiper.toml": settings}), unsafe=unsafe, limits=_limits({"memory_bytes": 256 * 2**20})
    )
    assert ended.result.failure.code is FailureCode.OUT_OF_MEMORY, ended.log
    assert "256 MiB" in ended.result.failure.message


def test_a_full_heap_counts_as_memory(stand_in: Any) -> None:
    """Node ends itself before the kernel does; that is the same failure."""
    script = "const a = []; for (;;) a.push(Array.from({length: 9999}, () => ({})))"
    settings = f"build_command = '''node -e \"{script}\"'''"
    ended = stand_in.build(
        stand_in.commit({"battleshiper.toml": settings}), limits=_limits({"memory_bytes": 200 * 2**20})
    )
    assert ended.result.failure.code is FailureCode.OUT_OF_MEMORY, ended.log


def test_a_build_that_fills_the_disk_is_ended(stand_in: Any) -> None:
    """While it runs, not after."""
    command = "mkdir d; i=0; while :; do i=$((i+1)); head -c 5000000 /dev/zero > d/$i; sleep 0.01; done"
    sha = stand_in.commit({"battleshiper.toml": f'build_command = "{command}"'})
    ended = stand_in.build(sha, limits=_limits({"work_bytes": 50 * 2**20}))
    assert ended.result.failure.code is FailureCode.DISK, ended.log


def test_links_in_the_output_are_refused_by_name(stand_in: Any) -> None:
    """No file of the machine is published through a link."""
    command = "mkdir dist; ln -s /etc/passwd dist/index.html"
    ended = stand_in.build(stand_in.commit({"battleshiper.toml": f'build_command = "{command}"'}))
    assert ended.result.failure.code is FailureCode.OUTPUT
    assert "'index.html' cannot be published: it is a symbolic link" in ended.result.failure.message


@pytest.mark.parametrize("folder", ["dist", "../repository"])
def test_a_linked_output_folder_is_not_followed(stand_in: Any, folder: str) -> None:
    """Neither the output folder nor the whole checkout may become a link."""
    replace = (
        f"rm -rf {folder}; ln -s /usr/share/doc {folder}"
        if folder == "dist"
        else ("mkdir dist; touch dist/index.html; cd ..; mv repository gone; ln -s gone repository")
    )
    sha = stand_in.commit({"battleshiper.toml": f'build_command = "{replace}"\noutput_directory = "dist"'})
    ended = stand_in.build(sha)
    assert ended.code == 1, ended.log
    assert ended.result.failure.code is FailureCode.OUTPUT
    assert ended.uploads == {}


def test_a_commit_that_is_not_there_fails_in_the_fetch(stand_in: Any) -> None:
    """A rewritten branch is told as such."""
    stand_in.commit({"index.html": ""})
    ended = stand_in.build("f" * 40)
    assert ended.result.failure.code is FailureCode.SOURCE
    assert "git fetch" in ended.result.failure.message


def test_a_used_claim_ends_without_a_result(stand_in: Any) -> None:
    """Whoever comes second learns nothing and uploads nothing."""
    stand_in.commit({"index.html": ""})
    stand_in.build(stand_in.commit({"index.html": ""}))
    stand_in.builds += 1
    stand_in.uploads = {}
    second = stand_in.start(unsafe=False, environ={})
    output, _ = second.communicate(timeout=60)
    assert second.returncode == 2
    assert b"used or too old" in output
    assert stand_in.uploads == {}


def test_uploads_are_tried_again(stand_in: Any) -> None:
    """A platform that hiccups costs a moment, not the build."""
    sha = stand_in.commit({"index.html": "x"})
    stand_in.refusals = [503, 500]
    ended = stand_in.build(sha)
    assert ended.code == 0, ended.log
    assert ended.uploads == {"client/index.html": b"x"}


def _limits(changes: dict[str, int]) -> Any:
    return BuildLimits(**{"seconds": 60, **changes})


@pytest.mark.parametrize("unsafe", [False, True])
def test_a_canceled_build_leaves_no_process(stand_in: Any, unsafe: bool) -> None:
    """SIGTERM to the runner ends what runs in the sandbox, without a result."""
    mark = f"86400.{os.getpid()}{int(unsafe)}"
    sha = stand_in.commit({"battleshiper.toml": f'build_command = "echo started; setsid sleep {mark}"'})
    stand_in.prepare(sha)
    runner = stand_in.start(unsafe=unsafe, environ={})
    assert any(b"started" in line and b"$" not in line for line in runner.stdout)
    deadline = time.monotonic() + 20
    while not processes_with(mark) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert processes_with(mark)
    runner.terminate()
    runner.communicate(timeout=30)
    assert runner.returncode == 143
    assert not processes_with(mark)
    assert stand_in.uploads == {}


def processes_with(text: str) -> list[str]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            arguments = entry.read_bytes().split(b"\0")
            if text.encode() in arguments:
                found.append(entry.parent.name)
    return found


def test_the_whole_checkout_as_output_leaves_out_what_is_not_for_visitors(stand_in: Any) -> None:
    """A site built in place does not publish its history."""
    settings = 'build_command = "echo built > index.html"\noutput_directory = "."\n'
    ended = stand_in.build(stand_in.commit({"battleshiper.toml": settings, "a.txt": "a"}))
    assert ended.code == 0, ended.log
    assert sorted(ended.uploads) == ["client/a.txt", "client/index.html"]


def test_whether_another_commit_could_use_it(stand_in: Any) -> None:
    """A build serves for others with the same files where it was told nothing that they may not be told."""
    sha = stand_in.commit({"index.html": "hello"})
    assert stand_in.build(sha).result.is_portable
    assert not stand_in.build(sha, variables={"WORD": "x"}).result.is_portable
    speaking = stand_in.commit({"script.sh": "echo $BATTLESHIPER_BRANCH"})
    assert not stand_in.build(speaking).result.is_portable
