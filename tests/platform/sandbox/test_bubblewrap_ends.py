"""How sandboxed programs end, and that nothing of them is left."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from battleshiper.platform.sandbox.port import Command, Network, ResourceLimits, SandboxError

pytestmark = pytest.mark.sandbox
# Two forks apart, a session of its own, deaf to polite signals, and with a mark to be found by.
_STUBBORN = (
    "trap '' TERM HUP INT; (setsid sh -c 'trap \"\" TERM HUP INT; sleep {mark} & sleep {mark}' &) ; "
    "echo up; sleep {mark}"
)


def count(mark: str) -> int:
    """Return how many processes of the machine sleep for `mark` seconds."""
    listing = subprocess.run(["ps", "-eo", "stat,args"], capture_output=True, text=True, check=True).stdout
    return sum(line.endswith(f"sleep {mark}") and not line.startswith("Z") for line in listing.splitlines())


def start_stubborn(box, mark: str, network: Network = Network.NONE):
    """Start a program that is hard to end, and wait until it runs."""
    reading, writing = os.pipe()
    process = box.start(_STUBBORN.format(mark=mark), writing, network=network)
    os.close(writing)
    assert os.read(reading, 10) == b"up\n"
    os.close(reading)
    while count(mark) < 3:
        time.sleep(0.01)
    return process


@pytest.mark.parametrize("network", [Network.NONE, Network.INTERNET])
def test_killing_leaves_no_process(box, network: Network) -> None:
    """Double forks, own sessions and ignored signals do not help; when `kill` returns, all are gone."""
    mark = f"3{os.getpid()}{len(network.value)}"
    process = start_stubborn(box, mark, network)
    process.kill()
    assert count(mark) == 0
    assert process.wait(0).code == -9
    process.kill()


def test_the_end_of_the_program_is_the_end_of_what_it_left(box) -> None:
    """A background process does not outlive the program that started it."""
    mark = f"4{os.getpid()}"
    assert box.run(f"setsid sleep {mark} & exit 3").exit.code == 3
    assert count(mark) == 0


@pytest.mark.parametrize(
    ("script", "code"), [("exit 0", 0), ("exit 7", 7), ("kill -TERM $$", -15), ("nothing-here", 127)]
)
def test_the_exit_says_how_it_ended(box, script: str, code: int) -> None:
    """Statuses come through, and a death by a signal is negative."""
    assert box.run(script).exit.code == code


def test_waiting_ends_in_time(box) -> None:
    """A timeout leaves the program alone."""
    process = box.start("sleep 30", subprocess.DEVNULL)
    try:
        with pytest.raises(TimeoutError):
            process.wait(0.05)
        assert Path(f"/proc/{process.pid}").exists()
    finally:
        process.kill()


def test_a_sandbox_outlives_the_thread_that_started_it(box) -> None:
    """The kernel's parent-death signal is bound to threads; ours must not be to a worker's."""
    started: list = []
    thread = threading.Thread(target=lambda: started.append(box.start("sleep 0.3; exit 5", subprocess.DEVNULL)))
    thread.start()
    thread.join()
    assert started[0].wait(10).code == 5


def test_the_platform_s_death_ends_the_program(box) -> None:
    """Killed without a chance to clean up, the platform takes its programs and their networks with it."""
    mark = f"5{os.getpid()}"
    script = (
        "import subprocess, sys, time\n"
        "from battleshiper.platform.sandbox.bubblewrap import Bubblewrap\n"
        "from battleshiper.platform.sandbox.port import Command, Network, ResourceLimits\n"
        f"command = Command(('sh', '-c', {_STUBBORN.format(mark=mark)!r}), '/tmp', ResourceLimits(2**28, 40, 2**20),"
        " {'PATH': '/usr/bin:/bin'}, (), Network.INTERNET)\n"
        "process = Bubblewrap().start(command, stdout=None, stderr=None)\n"
        "time.sleep(60)\n"
    )
    platform = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    assert platform.stdout is not None
    assert platform.stdout.readline() == b"up\n"
    while count(mark) < 3:
        time.sleep(0.01)
    before = _networks(platform.pid)
    platform.kill()
    platform.wait()
    platform.stdout.close()
    deadline = time.monotonic() + 5
    while (count(mark) or any(Path(f"/proc/{pid}/exe").exists() for pid in before)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert count(mark) == 0
    assert not [pid for pid in before if Path(f"/proc/{pid}/stat").exists() and _state(pid) != "Z"]


def test_what_cannot_be_set_up_says_so(box) -> None:
    """A program whose folder is missing does not run somewhere else."""
    command = Command(("true",), "/missing", ResourceLimits(2**28, 10, 2**20), {"PATH": "/usr/bin"})
    try:
        ended = box.sandbox.start(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).wait(10)
    except SandboxError:
        return
    assert ended.code == 1


def _networks(parent: int) -> list[int]:
    """Return the processes below `parent` that are pasta."""
    listing = subprocess.run(["ps", "-eo", "pid,ppid,comm"], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in listing.splitlines()[1:]]
    family = {parent}
    for _ in range(6):
        family |= {int(pid) for pid, above, _ in rows if int(above) in family}
    return [int(pid) for pid, _, name in rows if int(pid) in family and name.startswith("pasta")]


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"
