"""Installs the other side's packages, out of the checkout's way."""

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
FOLDER = Path(__file__).parents[2] / ".cache" / "benchmarks"
_LOCK = "package-lock.json"


def install_baselines() -> Path:
    """Install what package-lock.json names, once, and return the folder."""
    lock = (HERE / _LOCK).read_bytes()
    done = FOLDER / "installed.json"
    if done.exists() and done.read_bytes() == lock:
        return FOLDER
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", _LOCK):
        shutil.copy(HERE / name, FOLDER / name)
    print("Installing what we are measured against.", file=sys.stderr)
    subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--silent"], cwd=FOLDER, check=True, stdout=sys.stderr)
    done.write_bytes(lock)
    return FOLDER
