"""The sandbox inside a container: another user without rights, and an end that leaves nothing of theirs."""

import os
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from battleshiper.platform.sandbox.container import Container
from battleshiper.platform.sandbox.port import Bind, Command, Exit, Network, ResourceLimits, SandboxError
from battleshiper.platform.sandbox.supervised import SupervisedProcess

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.skipif(os.getuid() != 0, reason="a container's program is root"),
]

PATH = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
LIMITS = ResourceLimits(memory_bytes=256 * 1024**2, processes=30, file_bytes=8 * 1024**2)
SECRET = "claim-Zx8cV2bN4mQ7"
SYSTEM_PYTHON = Path("/usr/bin/python3")
needs_python = pytest.mark.skipif(not SYSTEM_PYTHON.exists(), reason="no system Python")
DEFAULT_CAPABILITIES = (
    "chown dac_override fsetid fowner mknod net_raw setgid setuid setfcap setpcap net_bind_service sys_chroot kill "
    "audit_write"
).split()
"""What containers have unless told otherwise, and all that Fargate gives."""


@dataclass
class Yard:
    """A folder for the tenant's programs, and a user that nobody else on this machine runs as."""

    folder: Path
    uid: int

    def start(self, script: str, **values: object) -> SupervisedProcess:
        given = {
            "arguments": ("/bin/sh", "-c", script),
            "directory": str(self.work),
            "limits": LIMITS,
            "environment": PATH,
            "binds": (Bind(self.work, str(self.work), writable=True),),
        }
        command = Command(**{**given, **values})  # type: ignore[arg-type]
        with self.output.open("wb") as output:
            return Container(self.uid).start(command, stdout=output, stderr=output)

    def run(self, script: str, **values: object) -> tuple[Exit, str]:
        """Run a script to its end and return that and what it said."""
        process = self.start(script, **values)
        try:
            ended = process.wait(30)
        finally:
            process.kill()
        return ended, self.output.read_text(errors="replace")

    @property
    def work(self) -> Path:
        return self.folder / "work"

    @property
    def output(self) -> Path:
        return self.folder / "output"

    def processes(self) -> list[str]:
        """What runs as the tenant's user, or has run and still counts."""
        found = []
        for entry in Path("/proc").iterdir():
            with suppress(OSError):
                if entry.name.isdigit() and entry.stat().st_uid in (self.uid, self.uid + 1):
                    found.append((entry / "stat").read_text())
        return found


@pytest.fixture
def yard() -> Iterator[Yard]:
    """A folder that other users can enter, which those of pytest's are not."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        folder = Path(name)
        folder.chmod(0o711)
        (folder / "work").mkdir()
        # Tests beside this one, and builds of this machine, run as others.
        yield Yard(folder, 1_000_000 + 2 * os.getpid())


def until(holds) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in 20 seconds"
        time.sleep(0.02)


def test_the_program_is_nobody(yard: Yard) -> None:
    """Another user and group, no other groups, no capability and no way to gain one, a filter of system calls."""
    _, text = yard.run("id -u; id -G; grep -E '^(Cap|NoNew|Seccomp:)' /proc/self/status | tr -d '\\t'; pwd")
    lines = text.splitlines()
    assert lines[:2] == [str(yard.uid)] * 2
    assert {line for line in lines if line.startswith("Cap")} == {
        f"Cap{kind}:0000000000000000" for kind in ("Inh", "Prm", "Eff", "Bnd", "Amb")
    }
    assert "NoNewPrivs:1" in lines
    assert "Seccomp:2" in lines
    assert lines[-1] == str(yard.work)


def test_the_environment_is_the_commands_alone(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the platform's or of the container's arrives."""
    monkeypatch.setenv("ECS_CONTAINER_METADATA_URI_V4", "http://169.254.170.2/v4/x")
    _, text = yard.run("exec env", environment={"ONLY": "this", "TMPDIR": "/elsewhere", **PATH})
    assert {line.partition("=")[0] for line in text.splitlines()} <= {"ONLY", "TMPDIR", "PATH", "PWD", "SHLVL", "_"}
    assert "TMPDIR=/elsewhere" in text


def test_what_root_knows_stays_roots(yard: Yard) -> None:
    """Neither environment, memory, open files nor working directory of root's processes can be read, and none can be
    traced, stopped or killed."""
    knowing = subprocess.Popen(
        [sys.executable, "-c", "import sys; print('ready', flush=True); sys.stdin.read()"],
        env={"CLAIM": SECRET},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert knowing.stdin is not None
    assert knowing.stdout is not None
    with knowing.stdin, knowing.stdout:
        knowing.stdout.readline()
        pid = knowing.pid
        python = (
            "import ctypes; c = ctypes.CDLL(None, use_errno=True)\n"
            f"print('ptrace', c.ptrace(16, {pid}, 0, 0), ctypes.get_errno())\n"
            f"print('pidfd', c.syscall(438, c.syscall(434, {pid}, 0), 0, 0), ctypes.get_errno())"
        )
        _, text = yard.run(
            f"for what in environ mem maps stack auxv syscall; do cat /proc/{pid}/$what && echo read $what; done; "
            f"ls -l /proc/{pid}/fd /proc/{pid}/cwd/ /proc/{pid}/root/ && echo listed; "
            f"kill -9 {pid} && echo killed; kill -STOP {pid} && echo stopped; cat /proc/*/environ; "
            'exec /usr/bin/python3 -c "$S"',
            environment={"S": python, **PATH},
        )
        assert knowing.poll() is None
    knowing.wait()
    assert SECRET not in text
    assert not {"read", "listed", "killed", "stopped"} & set(text.split())
    if SYSTEM_PYTHON.exists():
        assert text.endswith("ptrace -1 1\npidfd -1 1\n")


def test_the_supervisor_stays_roots_too(yard: Yard) -> None:
    """The program's own parent holds its order."""
    _, text = yard.run("cat /proc/$PPID/environ /proc/$PPID/mem; kill -9 $PPID; kill -9 -1; echo not reached")
    assert text.count("Permission denied") >= 1
    assert "not permitted" in text


def test_files_of_root_stay_closed(yard: Yard) -> None:
    """Also by a detour over the working directory, which a tenant may have replaced by a link."""
    private = yard.folder / "private"
    (private / "open").mkdir(parents=True)
    (private / "open" / "secret").write_text(SECRET)
    private.chmod(0o700)
    (yard.work / "repository").symlink_to(private / "open")
    ended, text = yard.run("cat secret", directory=str(yard.work / "repository"))
    assert ended.code == 125
    assert SECRET not in text
    assert SECRET not in yard.run(f"cat {private}/open/secret; cat /etc/shadow")[1]


def test_a_writable_bind_is_given_and_no_more(yard: Yard) -> None:
    """The folder is the tenant's, what links in it lead to is not."""
    outside = yard.folder / "outside"
    outside.write_text("root's")
    (yard.work / "link").symlink_to(outside)
    (yard.work / "inner").mkdir()
    _, text = yard.run("touch inner/new && echo written; echo x > link")
    assert "written" in text
    assert outside.stat().st_uid == 0
    assert outside.read_text() == "root's"


def test_set_user_id_programs_give_nothing(yard: Yard) -> None:
    """Neither the system's nor a planted one changes who the program is."""
    planted = yard.folder / "id"
    planted.write_bytes(Path("/usr/bin/id").read_bytes())
    planted.chmod(0o755 | stat.S_ISUID)
    _, text = yard.run(f"{planted} -u; su -c 'id -u' </dev/null; unshare -U true; unshare -m true")
    assert text.splitlines()[0] == str(yard.uid)
    assert "0" not in text.splitlines()
    assert text.count("Operation not permitted") >= 2


def test_variables_that_load_code_reach_the_program_only(yard: Yard) -> None:
    """LD_PRELOAD reaches the program, but nothing that still is root."""
    if not (compiler := Path("/usr/bin/gcc")).exists():
        pytest.skip("no compiler")
    (yard.folder / "spy.c").write_text(
        "#include <stdio.h>\n#include <unistd.h>\n"
        '__attribute__((constructor)) static void tell(void) { fprintf(stderr, "spy as %d\\n", getuid()); }\n'
    )
    spy = yard.folder / "spy.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", spy, yard.folder / "spy.c"], check=True)
    spy.chmod(0o755)
    _, text = yard.run("true", environment={"LD_PRELOAD": str(spy), **PATH})
    assert set(text.splitlines()) == {f"spy as {yard.uid}"}


def sockets(yard: Yard, network: Network) -> list[str]:
    script = (
        "import socket\n"
        "for family in (1, 2, 10, 16, 40):\n"
        "    try: socket.socket(family, 1 if family < 11 else 3).close(); print(family)\n"
        "    except OSError: pass\n"
    )
    return yard.run('exec /usr/bin/python3 -c "$S"', network=network, environment={"S": script, **PATH})[1].split()


@needs_python
def test_no_network_is_no_sockets(yard: Yard) -> None:
    """Where a network cannot be taken away, what leads to it can; unusual sockets are never made."""
    assert sockets(yard, Network.NONE) == ["1"]
    assert sockets(yard, Network.INTERNET) == ["1", "2", "10", "16"]


def test_processes_are_limited_together(yard: Yard) -> None:
    """A program cannot start more than it may, however deep."""
    ended, text = yard.run("for i in $(seq 60); do sleep 20 & done; echo all")
    assert "all" not in text or "Cannot fork" in text or ended.code != 0
    assert yard.processes() == []


def test_large_files_are_refused(yard: Yard) -> None:
    """A process cannot write a file above the limit."""
    yard.run("head -c 30000000 /dev/zero > big")
    assert (yard.work / "big").stat().st_size <= LIMITS.file_bytes


def test_nothing_outlives_the_program(yard: Yard) -> None:
    """wait() returns when the background processes are gone too, in whatever session and whatever they ignore."""
    ended, _ = yard.run(
        "trap '' TERM HUP; (setsid sh -c 'trap \"\" TERM HUP; echo > orphan; while :; do sleep 1; done' &) & "
        "while ! test -e orphan; do :; done"
    )
    assert ended.code == 0
    assert yard.processes() == []


@needs_python
def test_kill_outruns_what_forks_without_end(yard: Yard) -> None:
    """A program that only ever forks and lets go of its children."""
    script = (
        "import os\n"
        "first = os.getpid()\n"  # its end would be the program's
        "while True:\n"
        "    try: os.fork() and os.fork() and os.getpid() != first and os.getpid() % 3 == 0 and os._exit(0)\n"
        "    except OSError: pass\n"
    )
    for _ in range(5):
        process = yard.start('exec /usr/bin/python3 -c "$S"', environment={"S": script, **PATH})
        until(lambda: len(yard.processes()) > 5)
        process.kill()
        assert yard.processes() == []


def test_it_ends_with_the_runner(yard: Yard) -> None:
    """A runner that is killed takes the tenant's programs with it."""
    script = (
        "import sys, time; from pathlib import Path\n"
        "from battleshiper.platform.sandbox.container import Container\n"
        "from battleshiper.platform.sandbox.port import Bind, Command, ResourceLimits\n"
        "work = Path(sys.argv[1])\n"
        "command = Command(('/bin/sh', '-c', 'sleep 99 & echo > began; wait'), str(work),\n"
        "                  ResourceLimits(2**28, 30, 2**20), {'PATH': '/usr/bin:/bin'},\n"
        "                  (Bind(work, str(work), True),))\n"
        "Container(int(sys.argv[2])).start(command, stdout=2, stderr=2)\n"
        "while not (work / 'began').exists(): time.sleep(0.01)\n"
        "import os; os.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", script, str(yard.work), str(yard.uid)], check=False, timeout=30)
    until(lambda: yard.processes() == [])


def test_the_capabilities_of_an_ordinary_container_will_do(yard: Yard) -> None:
    """As Fargate gives them; with fewer it says which are missing instead of doing half."""
    script = (
        "import sys; from pathlib import Path\n"
        "from battleshiper.platform.sandbox.container import Container\n"
        "from battleshiper.platform.sandbox.port import Bind, Command, ResourceLimits\n"
        "work, box = Path(sys.argv[1]), Container(int(sys.argv[2]))\n"
        "print(box.check(), flush=True)\n"
        "if not box.check():\n"
        "    command = Command(('/bin/sh', '-c', 'id -u; sleep 99 &'), str(work), ResourceLimits(2**28, 30, 2**20),\n"
        "                      {'PATH': '/usr/bin:/bin'}, (Bind(work, str(work), True),))\n"
        "    print(box.start(command, stdout=1, stderr=2).wait(20))\n"
    )

    def run(capabilities: list[str]) -> str:
        kept = ",".join(["-all", *(f"+{name}" for name in capabilities)])
        return subprocess.run(
            [
                *("setpriv", f"--bounding-set={kept}", "--inh-caps=-all", "--no-new-privs", "--"),
                *(sys.executable, "-c", script, str(yard.work), str(yard.uid)),
            ],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        ).stdout

    assert run(DEFAULT_CAPABILITIES).splitlines() == ["[]", str(yard.uid), "Exit(code=0, out_of_memory=False)"]
    assert yard.processes() == []
    assert "lacks CAP_KILL" in run([name for name in DEFAULT_CAPABILITIES if name != "kill"])


def test_a_bind_that_moves_a_path_is_refused(yard: Yard) -> None:
    """What cannot be shown as asked is an error, not a surprise."""
    with pytest.raises(SandboxError, match="/elsewhere"):
        yard.run("true", binds=(Bind(yard.work, "/elsewhere"),))


def test_a_program_that_is_not_there_ends_with_127(yard: Yard) -> None:
    """As a shell would say."""
    ended, text = yard.run("", arguments=("no-such-program",))
    assert ended.code == 127
    assert "no-such-program" in text


def test_it_says_what_it_does_not_do(yard: Yard) -> None:
    """The network is the container's."""
    weaknesses: tuple[str, ...] = Container(yard.uid).weaknesses
    assert "metadata" in weaknesses[0]
