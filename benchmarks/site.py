"""The demo's site on both sides: by our edge after a push, and by SvelteKit's own server for Node."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from battleshiper.infra.local.demo.repository import SITE
from benchmarks.baseline.installation import HERE, install_baselines
from benchmarks.program import free_port, running, wait_until_listening

_ROOT = Path(__file__).parents[1]
_UNUSED = shutil.ignore_patterns("node_modules", ".svelte-kit", "build", "package*.json", ".npmrc")


@dataclass(frozen=True, slots=True)
class Site:
    """A site that is served: where to connect, and the host to ask for."""

    address: str
    host: str


@contextmanager
def our_site() -> Iterator[Site]:
    """Push the site to a platform of its own and yield it when it is live."""
    with TemporaryDirectory(prefix="battleshiper-bench-", ignore_cleanup_errors=True) as folder:
        command = [sys.executable, "-m", "benchmarks.ours.platform", folder]
        with running(command, folder=_ROOT, environment={"PYTHONPATH": str(_ROOT)}) as line:
            address, host = line.split()
            yield Site(address, host)


@contextmanager
def baseline_site() -> Iterator[Site]:
    """Build the same site with adapter-node and yield it when `node build` answers."""
    baselines = install_baselines()
    folder = baselines / "site"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(SITE, folder, ignore=_UNUSED)
    shutil.copy(HERE / "adapter-node.config.js", folder / "vite.config.js")
    (folder / "package.json").write_text('{"type": "module", "private": true}\n')
    vite = ["node", "../node_modules/vite/bin/vite.js", "build"]
    subprocess.run(vite, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{(port := free_port())}"
    environment = {"PORT": str(port), "HOST": "127.0.0.1", "ORIGIN": address, "NODE_ENV": "production"}
    with running(["node", "build"], folder=folder, environment={**os.environ, **environment}):
        wait_until_listening(address)
        yield Site(address, f"127.0.0.1:{port}")
