"""What a sandboxed program sees of the file system, as bubblewrap's arguments."""

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from battleshiper.platform.sandbox.memory_files import MemoryFiles
from battleshiper.platform.sandbox.port import Bind, SandboxError

HOSTNAME = "sandbox"
_SYSTEM = ("bin", "lib", "lib32", "lib64", "libx32", "sbin")
# Nothing in here tells who uses the machine or for what.
_SETTINGS = (
    "alternatives",
    "ca-certificates",
    "ca-certificates.conf",
    "ld.so.cache",
    "ld.so.conf",
    "ld.so.conf.d",
    "localtime",
    "mime.types",
    "pki/ca-trust",
    "pki/tls/certs",
    "pki/tls/cert.pem",
    "protocols",
    "services",
    "ssl/certs",
    "ssl/cert.pem",
    "ssl/openssl.cnf",
)
_SHARED_MEMORY_BYTES = 64 * 1024**2


def system(files: MemoryFiles, *, uid: int, gid: int, resolver: str, temporary_bytes: int) -> list[str]:
    """Show the system read-only, and a `/tmp`, `/dev`, `/proc` and `/etc` of its own.

    `resolver` is the text of `/etc/resolv.conf`. The root is not sealed yet: see `seal`.
    """
    made_up = {
        "group": f"root:x:0:\nsandbox:x:{gid}:\nnogroup:x:65534:\n",
        "hostname": f"{HOSTNAME}\n",
        "hosts": f"127.0.0.1 localhost {HOSTNAME}\n::1 localhost ip6-localhost\n",
        "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
        "passwd": (
            "root:x:0:0:root:/nonexistent:/bin/sh\n"
            f"sandbox:x:{uid}:{gid}:sandbox:/tmp:/bin/sh\n"
            "nobody:x:65534:65534:nobody:/nonexistent:/bin/sh\n"
        ),
        "resolv.conf": resolver,
    }
    arguments = ["--ro-bind", "/usr", "/usr"]
    for name in _SYSTEM:
        path = Path("/", name)
        if path.is_symlink():
            arguments += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            arguments += ["--ro-bind", str(path), str(path)]
    for folder in ("/etc", "/run", "/var"):
        arguments += _folder(folder)
    for name in _SETTINGS:
        path = Path("/etc", name)
        if path.exists():
            arguments += [*_parents(str(path)), "--ro-bind", str(path), str(path)]
    for name, text in made_up.items():
        arguments += ["--perms", "0444", "--ro-bind-data", files.add(text.encode()), f"/etc/{name}"]
    return [
        *arguments,
        *("--proc", "/proc", "--dev", "/dev"),
        *("--perms", "1777", "--size", str(_SHARED_MEMORY_BYTES), "--tmpfs", "/dev/shm"),  # noqa: S108  a mount point
        *("--perms", "1777", "--size", str(temporary_bytes), "--tmpfs", "/tmp"),  # noqa: S108  a mount point
        *("--symlink", "/tmp", "/var/tmp"),  # noqa: S108  made inside
    ]


def binds(wanted: Sequence[Bind]) -> list[str]:
    """Show `wanted`, in order; raises SandboxError for what is not there or cannot be shown safely."""
    arguments: list[str] = []
    writable: list[PurePosixPath] = []
    for bind in wanted:
        inside = PurePosixPath(bind.inside)
        if not inside.is_absolute() or ".." in inside.parts:
            raise SandboxError(f"{bind.inside!r} must be an absolute path without '..' to be shown in a sandbox.")
        if not bind.outside.exists():
            raise SandboxError(f"{bind.outside} is not there and cannot be shown in a sandbox.")
        # What is mounted below a folder that the program may change could be led astray by its links.
        if any(inside.is_relative_to(folder) for folder in writable):
            raise SandboxError(f"{bind.inside} lies below a writable folder of the same sandbox.")
        arguments += _parents(bind.inside)
        arguments += ["--bind" if bind.writable else "--ro-bind", str(bind.outside), bind.inside]
        if bind.writable:
            writable.append(inside)
    return arguments


def seal() -> list[str]:
    """Make what was put together read-only, but for the mounts in it."""
    return ["--remount-ro", "/dev", "--remount-ro", "/"]


def machine_resolver() -> str:
    """Return the machine's `/etc/resolv.conf`, or an empty text."""
    try:
        return Path("/etc/resolv.conf").read_text(errors="replace")
    except OSError:
        return ""


def _parents(inside: str) -> list[str]:
    """Make the folders above `inside`; bubblewrap by itself would close them to all but its own user."""
    arguments: list[str] = []
    for parent in reversed(PurePosixPath(inside).parents):
        if str(parent) != "/":
            arguments += _folder(str(parent))
    return arguments


def _folder(path: str) -> list[str]:
    return ["--perms", "0755", "--dir", path]
