"""What a sandboxed program sees of the machine, and what it may do there."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from battleshiper.platform.sandbox.port import Bind, SandboxError

pytestmark = pytest.mark.sandbox
Folder = Callable[[str], Path]
as_root = pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")


@as_root
def test_a_program_is_nobody_and_has_no_rights(box, folder: Folder) -> None:
    """User, group and groups are the unprivileged ones, every capability set is empty, and no new one can be had."""
    text = box.run("id -u; id -g; id -G; grep -E '^(Cap|NoNewPrivs)' /proc/self/status").text
    lines = text.splitlines()
    assert lines[:3] == ["64000", "64000", "64000"]
    rights = dict(line.split(":\t") for line in lines[3:])
    assert rights.pop("NoNewPrivs") == "1"
    assert len(rights) == 5
    assert {int(value, 16) for value in rights.values()} == {0}


def test_the_environment_is_what_was_given_and_nothing_else(box, monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of the platform comes through, and odd values arrive as they are."""
    monkeypatch.setenv("PLATFORM_SECRET", "hush")
    given = {"A": "1\n2", "npm_config_//host/:x": "'\"$(id)", "LD_BIND_NOW": "1"}
    text = box.run(("/usr/bin/env", "-0"), environment=given).text
    variables = dict(item.split("=", 1) for item in text.split("\0") if item)
    assert variables == {**given, "PWD": "/tmp"}  # noqa: S108  the working directory, said by bubblewrap


def test_values_of_variables_are_not_in_the_list_of_processes(box) -> None:
    """Every user of the machine can read the arguments of every process, so secrets must not stand there."""
    reading, writing = os.pipe()
    process = box.start("echo started; sleep 30", writing, environment={"PATH": "/usr/bin:/bin", "KEY": "s3cr3t-value"})
    try:
        os.read(reading, 100)
        listing = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    finally:
        process.kill()
    assert "sleep 30" in listing
    assert "s3cr3t-value" not in listing


@as_root
def test_a_library_named_in_the_environment_is_not_loaded_with_rights(box, folder: Folder) -> None:
    """LD_PRELOAD reaches the program, but nothing that still is root."""
    if not (compiler := Path("/usr/bin/gcc")).exists():
        pytest.skip("no compiler")
    source = folder("library")
    (source / "spy.c").write_text(
        "#include <stdio.h>\n#include <unistd.h>\n"
        '__attribute__((constructor)) static void tell(void) { fprintf(stderr, "spy as %d\\n", getuid()); }\n'
    )
    subprocess.run([compiler, "-shared", "-fPIC", "-o", source / "spy.so", source / "spy.c"], check=True)
    told = box.run(
        "true", binds=(Bind(source, "/library"),), environment={"LD_PRELOAD": "/library/spy.so", "PATH": "/usr/bin"}
    )
    assert set(told.text.split("\n")) == {"spy as 64000", ""}


def test_no_other_folder_of_the_machine_is_there(box, tmp_path: Path) -> None:
    """Homes, mounts, sockets, the platform's data and its code cannot be seen."""
    (tmp_path / "data").write_text("private")
    outcome = box.run(
        f"ls /; cat {tmp_path}/data /root/.bashrc /etc/shadow {__file__}; ls -A /home /root /run /var /srv /mnt /sys"
    )
    first = outcome.text.split("\ncat:")[0].split()
    machine = {entry for entry in ("bin", "lib", "lib32", "lib64", "libx32", "sbin") if Path("/", entry).exists()}
    assert set(first) == machine | {"dev", "etc", "proc", "run", "tmp", "usr", "var"}
    assert "private" not in outcome.text
    assert outcome.text.count("No such file") >= 4 + 4


def test_the_system_cannot_be_written_to(box) -> None:
    """Only /tmp and /dev/shm take files."""
    outcome = box.run(
        "for place in / /usr /usr/bin /etc /dev /run /var /proc/sys/kernel; do "
        "touch $place/planted 2>/dev/null && echo wrote $place; done; "
        "echo x > /proc/sysrq-trigger; echo x > /proc/sys/kernel/core_pattern; echo x >> /etc/hosts; "
        "touch /tmp/mine /dev/shm/mine /var/tmp/mine && echo done"
    )
    assert outcome.text.splitlines()[-1] == "done"
    assert "wrote" not in outcome.text


@as_root
def test_a_writable_bind_works_below_a_closed_folder(box, tmp_path: Path) -> None:
    """Data may lie below a folder that only root can enter; what is bound writable belongs to the program then."""
    closed = tmp_path / "closed"
    work = closed / "work"
    (work / "inner").mkdir(parents=True)
    (work / "inner" / "file").write_text("old")
    (work / "link").symlink_to(tmp_path / "outside")
    (tmp_path / "outside").write_text("stays root's")
    closed.chmod(0o700)
    work.chmod(0o700)
    outcome = box.run(
        "cd /a/b/work && cat inner/file && echo && echo new > inner/file && ls /a/b && pwd",
        binds=(Bind(work, "/a/b/work", writable=True),),
    )
    assert outcome.text.split() == ["old", "work", "/a/b/work"]
    assert (work / "inner" / "file").read_text() == "new\n"
    assert (tmp_path / "outside").stat().st_uid == 0


def test_a_readable_bind_cannot_be_written(box, folder: Folder) -> None:
    """What is shown read-only stays as it is."""
    shown = folder("shown")
    (shown / "file").write_text("kept")
    outcome = box.run("cat /shown/file; echo x > /shown/file; rm -f /shown/file", binds=(Bind(shown, "/shown"),))
    assert outcome.text.startswith("kept")
    assert outcome.exit.code != 0
    assert (shown / "file").read_text() == "kept"


@as_root
def test_a_file_of_another_user_stays_closed(box, folder: Folder) -> None:
    """The owner and mode of files in a bind hold."""
    shown = folder("shown")
    (shown / "secret").write_text("root's")
    (shown / "secret").chmod(0o600)
    assert "Permission denied" in box.run("cat /shown/secret", binds=(Bind(shown, "/shown"),)).text


def test_set_user_id_programs_give_nothing(box, folder: Folder) -> None:
    """Neither the system's nor a planted one changes who the program is."""
    shown = folder("shown")
    planted = shown / "id"
    planted.write_bytes(Path("/usr/bin/id").read_bytes())
    planted.chmod(0o755 | stat.S_ISUID)
    outcome = box.run("id -u; /shown/id -u; su -c id 2>&1; mount -t tmpfs x /tmp", binds=(Bind(shown, "/shown"),))
    lines = outcome.text.splitlines()
    assert lines[0] == lines[1]
    assert "uid=0" not in outcome.text
    assert outcome.exit.code != 0


def test_processes_of_the_machine_are_out_of_reach(box) -> None:
    """They are not listed, cannot be signalled and cannot be looked into."""
    outcome = box.run(
        f"ls /proc | grep -c '^[0-9]'; kill -0 {os.getpid()} && echo signalled; cat /proc/{os.getpid()}/environ; "
        "cat /proc/1/environ; ls /proc/1/root/; exec true",
    )
    assert int(outcome.text.split()[0]) < 10
    assert "signalled" not in outcome.text


@as_root
def test_the_guard_process_cannot_be_traced(box) -> None:
    """The first process of the sandbox still has rights; the program must not get at it."""
    script = (
        "import ctypes, os\n"
        "c = ctypes.CDLL(None, use_errno=True)\n"
        "print('traced' if c.ptrace(16, 1, 0, 0) == 0 else os.strerror(ctypes.get_errno()))\n"
        "try: os.kill(1, 9)\n"
        "except PermissionError: print('not killed')\n"
    )
    if not Path("/usr/bin/python3").exists():
        pytest.skip("no system Python")
    outcome = box.run(f'/usr/bin/python3 -c "{script}"')
    assert outcome.text.split("\n")[:2] == ["Operation not permitted", "not killed"]


def test_user_namespaces_cannot_be_made(box) -> None:
    """They would give a program rights over kernel code that is full of holes."""
    outcome = box.run("unshare --user true; echo $?; unshare --user --map-root-user --net true; echo $?")
    assert outcome.text.count("Operation not permitted") == 2


def test_unusual_sockets_cannot_be_made(box) -> None:
    """Sockets of virtual machines and of the kernel's ciphers are refused, usual ones are there."""
    if not Path("/usr/bin/python3").exists():
        pytest.skip("no system Python")
    script = (
        "import socket\n"
        "for family in (1, 2, 10, 16, 38, 40, 17):\n"
        "    try: socket.socket(family, 1 if family < 11 else 3).close(); print(family, 'made')\n"
        "    except OSError as error: print(family, error.errno)\n"
    )
    lines = box.run(f'/usr/bin/python3 -c "{script}"').text.splitlines()
    assert lines == ["1 made", "2 made", "10 made", "16 made", "38 97", "40 97", "17 97"]


def test_bad_binds_are_refused(box, folder: Folder) -> None:
    """A missing source, a relative target, and a mount below what the program may change."""
    work = folder("work")
    for binds in (
        (Bind(work / "missing", "/x"),),
        (Bind(work, "x"),),
        (Bind(work, "/x/../etc"),),
        (Bind(work, "/w", writable=True), Bind(work, "/w/inner")),
    ):
        with pytest.raises(SandboxError):
            box.run("true", binds=binds)


@as_root
def test_an_ordinary_user_gets_the_same_walls(own_network, tmp_path: Path) -> None:
    """Without root a user namespace does it: same view, no rights, writable binds, limited network."""
    if not Path("/usr/bin/python3").exists() or sys.version_info[:2] < (3, 11):
        pytest.skip("no system Python")
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            os.write(writing, _as_ordinary_user().encode())
        except BaseException as error:
            os.write(writing, repr(error).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        text = told.read()
    os.waitpid(child, 0)
    assert "uid 64003" in text, text
    assert "CapEff:\t0000000000000000" in text
    assert "written" in text
    assert "net out" in text
    assert "reached" not in text
    assert "root" not in text
    assert "unshared" not in text


def _as_ordinary_user() -> str:
    import encodings.idna  # noqa: F401  from a folder that only root can read
    import socket
    import tempfile

    from battleshiper.platform.sandbox.bubblewrap import Bubblewrap
    from battleshiper.platform.sandbox.port import Command, Network, ResourceLimits

    os.setgroups([])
    os.setgid(64003)
    os.setuid(64003)
    os.chdir("/")
    server = socket.create_server(("", 0))
    port = server.getsockname()[1]
    sandbox = Bubblewrap()
    if sandbox.check():
        return " ".join(sandbox.check())
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name, tempfile.TemporaryFile() as output:
        work = Path(name, "work")
        work.mkdir(0o700)
        script = (
            "echo uid $(id -u); grep CapEff /proc/self/status; touch /work/x && echo written; "
            "unshare -U true 2>/dev/null && echo unshared; "
            f"for host in 127.0.0.1 {socket.gethostbyname(socket.gethostname())}; do "
            f"(exec 3<>/dev/tcp/$host/{port}) 2>/dev/null && echo reached $host; done; "
            "ip route | grep -q default && echo net out"
        )
        command = Command(
            ("/bin/bash", "-c", script),
            "/work",
            ResourceLimits(256 * 1024**2, 40, 1024**2),
            {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
            (Bind(work, "/work", writable=True),),
            Network.INTERNET,
        )
        process = sandbox.start(command, stdout=output, stderr=output)
        process.wait(20)
        process.kill()
        output.seek(0)
        return output.read().decode()
