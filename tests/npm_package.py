"""Files of npm packages that tests need, brought once and kept."""

import os
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

CACHE = Path(__file__).parents[1] / ".cache" / "npm"


def bring(folder: Path, *paths: str) -> list[Path]:
    """Return files of the packages that `folder`'s lock file names, each at its path below `node_modules`."""
    lock = (folder / "package-lock.json").read_bytes()
    kept = CACHE / sha256(lock).hexdigest()[:16]
    if not all((kept / path).exists() for path in paths):
        CACHE.mkdir(parents=True, exist_ok=True)
        work = CACHE / f"work-{os.getpid()}"
        work.mkdir(exist_ok=True)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(folder / name, work)
        subprocess.run(["npm", "ci", "--silent"], cwd=work, check=True)
        for path in paths:
            (kept / path).parent.mkdir(parents=True, exist_ok=True)
            (work / "node_modules" / path).replace(kept / path)
        shutil.rmtree(work)
    return [kept / path for path in paths]
