"""Why a sandbox cannot be had on a machine, and what to do about it."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

_TRIAL = ("--unshare-pid", "--unshare-ipc", "--unshare-uts", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev")
_SETTINGS = {
    "kernel.apparmor_restrict_unprivileged_userns": ("1", "0", "AppArmor forbids"),
    "kernel.unprivileged_userns_clone": ("0", "1", "The kernel forbids"),
    "user.max_user_namespaces": ("0", "15000", "The kernel forbids"),
}


def find_problems(*, is_root: bool, settings: Path = Path("/proc/sys")) -> Iterator[str]:
    """Yield each reason as a sentence with what to type; nothing when a trial sandbox runs."""
    if not shutil.which("bwrap"):
        yield "bubblewrap is not installed: run `apt-get install bubblewrap`, or what your system has for it."
        return
    for program in ("prlimit", "setpriv", "nsenter"):
        if not shutil.which(program):
            yield f"{program} is not installed: run `apt-get install util-linux`, or what your system has for it."
            return
    user = () if is_root else ("--unshare-user",)
    try:
        trial = subprocess.run(["bwrap", *user, *_TRIAL, "/usr/bin/true"], capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        yield f"bubblewrap does not run: {error}"
        return
    if trial.returncode != 0:
        words = trial.stderr.decode(errors="replace").strip()
        yield _explain(words, is_root=is_root, settings=settings)


def _explain(words: str, *, is_root: bool, settings: Path) -> str:
    if is_root:
        return (
            f"bubblewrap may not make namespaces here ({words}): in a container, run it with "
            "`--privileged`, or with `--cap-add SYS_ADMIN --security-opt seccomp=unconfined,apparmor=unconfined`."
        )
    for name, (bad, good, who) in _SETTINGS.items():
        path = settings.joinpath(*name.split("."))
        if path.exists() and path.read_text().strip() == bad:
            return f"{who} user namespaces ({words}): run `sudo sysctl -w {name}={good}`, or run the platform as root."
    return f"bubblewrap may not make user namespaces here ({words}): run the platform as root."
