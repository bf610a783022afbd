"""A whole build where the runner is root in a container of its own, as on Fargate."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.skipif(os.getuid() != 0, reason="a container's program is root"),
]

FARGATE = {
    "BATTLESHIPER_SANDBOX": "container",
    "AWS_BATCH_JOB_ATTEMPT": "2",
    "AWS_BATCH_JOB_ID": "1d8f",
    "ECS_CONTAINER_METADATA_URI_V4": "http://169.254.170.2/v4/5c1e",
}
LOOK = """
const fs = require('node:fs'), os = require('node:os'), path = require('node:path');
const seen = [JSON.stringify(process.env), 'as ' + process.getuid(), 'temporary ' + os.tmpdir()];
for (const pid of fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)))
  for (const name of ['environ', 'cmdline', 'maps'])
    try { seen.push(name + ': ' + fs.readFileSync(`/proc/${pid}/${name}`, 'latin1')); } catch {}
const work = path.resolve('../..');
for (const name of fs.readdirSync(work)) seen.push('work: ' + name);
try { seen.push('private: ' + fs.readdirSync(path.join(work, 'private'))); } catch (error) { seen.push(error.code); }
for (const place of [work, process.argv[1] + '/../../../..', '/usr/bin', '/etc'])
  try { fs.writeFileSync(path.join(place, 'planted'), ''); seen.push('planted in ' + place); } catch {}
fs.writeFileSync(path.join(os.tmpdir(), 'mine'), '');
fs.mkdirSync('dist'); fs.writeFileSync('dist/index.html', seen.join('\\n'));
"""


@pytest.fixture
def container(stand_in: Any, machine_tools: Path) -> Iterator[Any]:
    """A platform to build for whose folders other users can enter, as a container's can be and pytest's cannot."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        shutil.copytree(machine_tools, folder / "tools", symlinks=True)
        made = type(stand_in)(folder, folder / "tools")
        yield made
        made.close()


def test_a_build_learns_nothing_of_the_runner(container: Any) -> None:
    """It runs as another user, who can look at processes but not into them, and write nowhere but in its own folder."""
    sha = container.commit({"look.cjs": LOOK, "battleshiper.toml": 'build_command = "node look.cjs"'})
    ended = container.build(sha, environ=FARGATE)
    assert ended.code == 0, ended.log
    seen = ended.uploads["client/index.html"].decode("latin1")
    assert "as 64100" in seen
    assert "cmdline: " in seen
    assert "EACCES" in seen
    assert "planted" not in seen
    for secret in (container.instructions.source.token, "claim-Qw8e", "signature-Zx3c", "169.254.170.2", "1d8f"):
        assert secret not in seen
    assert f"temporary {container.folder}/work1/build/temporary" in seen


def test_a_site_with_packages_is_built(container: Any) -> None:
    """npm installs and builds as the other user."""
    package = {"name": "site", "version": "1.0.0", "scripts": {"build": "mkdir dist && cp page.html dist/index.html"}}
    lock = {"name": "site", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": package}}
    sha = container.commit({"package.json": package, "package-lock.json": lock, "page.html": "built"})
    ended = container.build(sha, environ=FARGATE)
    assert ended.code == 0, ended.log
    assert ended.uploads == {"client/index.html": b"built"}
