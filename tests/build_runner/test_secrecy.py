"""What a build can learn of the platform's secrets, and what its log tells of its own."""

import base64
from typing import Any

import pytest

pytestmark = pytest.mark.sandbox

LOOK_EVERYWHERE = """
const fs = require('node:fs'), path = require('node:path');
const seen = [JSON.stringify(process.env)];
const look = (folder, depth) => {
  let names = [];
  try { names = fs.readdirSync(folder, { withFileTypes: true }); } catch { return; }
  for (const entry of names) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory() && depth) look(file, depth - 1);
    else if (entry.isFile() && !/kcore|kmsg|trace_pipe|pagemap|mem$|clear_refs/.test(file)) {
      try { if (fs.statSync(file).size < 1e6) seen.push(file + ': ' + fs.readFileSync(file, 'latin1')); } catch {}
    }
  }
};
look('/proc', 2); look(process.cwd(), 9); look(path.dirname(process.cwd()), 2); look('/tmp', 5); look('/root', 2);
fs.mkdirSync('dist'); fs.writeFileSync('dist/index.html', seen.join('\\n'));
"""


def test_the_token_is_gone_before_the_build_starts(stand_in: Any) -> None:
    """Neither environments, nor arguments, nor git's files, nor anything else the build can read has it."""
    sha = stand_in.commit({"look.cjs": LOOK_EVERYWHERE, "battleshiper.toml": 'build_command = "node look.cjs"'})
    ended = stand_in.build(sha, environ={"OF_THE_PLATFORM": "not-for-tenants"})
    assert ended.code == 0, ended.log
    seen = ended.uploads["client/index.html"].decode("latin1")
    assert "environ: " in seen
    assert ".git/config: " in seen
    token = stand_in.instructions.source.token
    for secret in (
        token,
        base64.b64encode(f"x-access-token:{token}".encode()).decode(),
        "claim-Qw8e",
        "signature-Zx3c",
    ):
        assert secret not in seen
    assert "not-for-tenants" not in seen
    assert "AUTHORIZATION" not in seen.upper()
    assert "BATTLESHIPER_CLAIM" not in seen


def test_secrets_never_reach_the_log(stand_in: Any) -> None:
    """Printed whole, in pieces, encoded or over two writes: masked."""
    secret = "pw-Kx8?mQ2 z/aaaaaa"
    script = """
    const s = process.env.PASSWORD;
    console.log(s, encodeURIComponent(s), Buffer.from(s).toString('base64'), JSON.stringify({ s }));
    process.stdout.write('half ' + s.slice(0, 7));
    setTimeout(() => process.stdout.write(s.slice(7) + ' whole\\n'), 50);
    """
    sha = stand_in.commit(
        {"say.cjs": script, "battleshiper.toml": 'build_command = "node say.cjs; mkdir dist; touch dist/a"'}
    )
    ended = stand_in.build(sha, variables={"PASSWORD": secret}, secrets=(secret,))
    assert ended.code == 0, ended.log
    assert "*** *** ***" in ended.log
    assert "half *** whole" in ended.log
    assert secret not in ended.log
    assert "Kx8" not in ended.log


def test_the_projects_variables_arrive_and_ours_win(stand_in: Any) -> None:
    """A project cannot pretend to be another deployment, nor lose its search path."""
    sha = stand_in.commit({"battleshiper.toml": 'build_command = "mkdir dist; env > dist/index.html"'})
    variables = {"GREETING": "hello", "BATTLESHIPER_ENVIRONMENT": "fake", "PATH": "/nowhere", "bad name": "x"}
    ended = stand_in.build(sha, variables=variables)
    assert ended.code == 0, ended.log
    lines = ended.uploads["client/index.html"].decode().splitlines()
    assert "GREETING=hello" in lines
    assert "BATTLESHIPER_ENVIRONMENT=production" in lines
    assert f"BATTLESHIPER_COMMIT={sha}" in lines
    assert "CI=1" in lines


def test_the_repository_cannot_make_git_run_anything(stand_in: Any) -> None:
    """Filters and submodules that a commit names are not run or fetched, and the log says what is left out."""
    sha = stand_in.commit(
        {
            "index.html": "plain",
            ".gitattributes": "*.html filter=lfs\n* filter=evil\n",
            ".gitmodules": '[submodule "x"]\n\tpath = x\n\turl = ext::sh -c touch% /tmp/evil\n',
        }
    )
    ended = stand_in.build(sha)
    assert ended.uploads == {"client/index.html": b"plain"}
    assert "Submodules are not fetched" in ended.log
    assert "Git LFS are not fetched" in ended.log
