"""What a sandboxed program may use."""

import os
import subprocess
from pathlib import Path

import pytest

from battleshiper.platform.sandbox.bubblewrap import Bubblewrap
from battleshiper.platform.sandbox.cgroup import Cgroups
from battleshiper.platform.sandbox.port import ResourceLimits

pytestmark = pytest.mark.sandbox
_HOG = "exec node -e 'const kept = []; for (;;) kept.push(Buffer.alloc(8 << 20, 1))'"


@pytest.fixture
def grouped(box) -> None:
    """Skip where there is no control group to put programs into."""
    if any("control group" in weakness for weakness in box.sandbox.weaknesses):
        pytest.skip("no writable control group")


def test_using_too_much_memory_ends_the_program_and_is_told(box, grouped: None) -> None:
    """The kernel ends it, and the exit says why."""
    outcome = box.run(_HOG)
    assert outcome.exit.out_of_memory
    assert outcome.exit.code == -9


def test_memory_is_counted_over_all_processes(box, grouped: None) -> None:
    """Many small programs may not use together what one may not."""
    outcome = box.run("for n in 1 2 3 4 5 6; do head -c 100000000 /dev/zero | tail & done; wait")
    assert outcome.exit.out_of_memory


def test_files_in_tmp_are_bounded(box) -> None:
    """The folder for temporary files is memory and has an end."""
    limits = ResourceLimits(memory_bytes=64 * 1024**2, processes=40, file_bytes=1024**3)
    assert "No space left" in box.run("head -c 60000000 /dev/zero > /tmp/much", limits=limits).text


def test_a_fork_bomb_stays_in_its_sandbox(box, grouped: None) -> None:
    """It cannot make more processes than allowed, and its end takes them all."""
    mark = f"bomb{os.getpid()}"
    limits = ResourceLimits(256 * 1024**2, processes=40, file_bytes=1024, cpus=0.5)
    script = "bomb() { bomb | bomb & }; while :; do bomb; sleep 0.1; done 2> /dev/null"
    process = box.start(("bash", "-c", script, mark), subprocess.DEVNULL, limits=limits)
    try:
        with pytest.raises(TimeoutError):
            process.wait(1)
        assert 1 < count(mark) <= 40
    finally:
        process.kill()
    assert count(mark) == 0


def count(mark: str) -> int:
    """Return how many processes of the machine have `mark` as their last argument."""
    listing = subprocess.run(["ps", "-wweo", "stat,comm,args"], capture_output=True, text=True, check=True).stdout
    lines = [line.split(None, 2) for line in listing.splitlines()]
    return sum(line[1] == "bash" and line[2].endswith(mark) and line[0][0] != "Z" for line in lines)


def test_a_file_larger_than_allowed_cannot_be_written(box) -> None:
    """The program that tries is told, or ended, by the kernel."""
    outcome = box.run("head -c 20000000 /dev/zero > /tmp/large; stat -c %s /tmp/large")
    assert int(outcome.text.split()[-1]) == 8 * 1024**2


def test_an_ordinary_failure_is_not_taken_for_lack_of_memory(box) -> None:
    """`out_of_memory` is said only when it was so."""
    assert box.run("kill -9 $$").exit.out_of_memory is False


def test_no_control_group_is_left_behind(box, grouped: None) -> None:
    """Groups go with their programs."""

    def groups() -> set[Path]:
        return set(Path("/sys/fs/cgroup").glob(f"**/battleshiper-{os.getpid()}-*"))

    before = groups()
    box.run("true")
    assert groups() <= before


def test_without_control_groups_each_process_is_limited(box, tmp_path: Path) -> None:
    """Memory, roughly, and the number of processes fall back to limits of single processes."""
    sandbox = type(box)(Bubblewrap(64200, cgroups=Cgroups(mount=tmp_path)))
    assert any("control group" in weakness for weakness in sandbox.sandbox.weaknesses)
    gigabytes = 1 + (os.cpu_count() or 1)
    assert sandbox.run("ulimit -d").text.strip() == str(256 * 1024 + gigabytes * 1024**2)
    assert sandbox.run(_HOG).exit.code != 0
    assert "Cannot fork" in sandbox.run("for n in $(seq 60); do sleep 2 & done").text
