"""Real SvelteKit apps, built by their own Vite with our adapter, and asked from a folder without packages."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.registry
ADAPTER = Path(__file__).parents[3] / "build_runner" / "adapter"
APP = Path(__file__).parents[2] / "e2e" / "apps" / "sveltekit2"
_ASK = """
const { fetch } = await import(process.argv[1]);
const answers = [];
for (const path of JSON.parse(process.argv[2])) {
	const response = await fetch(new Request(`http://site.localhost${path}`), { clientAddress: '192.0.2.7' });
	answers.push([response.status, await response.text()]);
}
process.stdout.write('\\n' + JSON.stringify(answers), () => process.exit());
"""
_CONFIG = """
import adapter from '@sveltejs/adapter-vercel';
import { sveltekit } from '@sveltejs/kit/vite';
export default {
	plugins: [sveltekit({
		adapter: adapter({ runtime: 'edge', fallback: true }),
		paths: { base: '/docs' },
		experimental: { instrumentation: { server: true } }
	})]
};
"""
_ENDPOINT = """
import { read } from '$app/server';
import { env } from '$env/dynamic/private';
import { describe } from 'old-package';
import file from './large.txt?url';
export const GET = async ({ getClientAddress }) => Response.json({
	address: getClientAddress(),
	read: (await read(file).text()).length,
	variable: env.WORD,
	package: describe(),
	instrumented: globalThis.instrumented
});
"""
_PACKAGE = """
let optional = 'there';
try { require('not-there') } catch (error) { optional = error.code }
exports.describe = () => [optional, typeof __dirname, require('path').extname(__filename)];
"""


@dataclass
class Built:
    """A finished build: what it printed and what it left."""

    code: int
    text: str
    output: Path

    def ask(self, folder: Path, *paths: str) -> list[tuple[int, str]]:
        """Return status and body for each path, from a copy of the server that stands alone."""
        server = shutil.copytree(self.output / "server", folder / "server")
        command = ["node", "--input-type=module", "-e", _ASK, str(server / "index.mjs"), json.dumps(paths)]
        done = subprocess.run(
            command, cwd=folder, env={"PATH": os.environ["PATH"], "WORD": "hello"}, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return [(status, body) for status, body in json.loads(done.stdout.splitlines()[-1])]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the app that `sv create` makes, once."""
    folder = shutil.copytree(APP, tmp_path_factory.mktemp("adapter") / "app")
    done = subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


def build(app: Path, output: Path) -> Built:
    """Build as the runner does it."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(app),
        "NODE_OPTIONS": f"--import={(ADAPTER / 'register.mjs').as_uri()}",
        "BATTLESHIPER_OUTPUT_DIR": str(output),
    }
    done = subprocess.run(
        ["node_modules/.bin/vite", "build"],
        cwd=app,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return Built(done.returncode, done.stdout, output)


def write(folder: Path, files: dict[str, str]) -> None:
    """Write text files below a folder."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def test_an_app_as_sv_makes_it_needs_no_changed_line(app: Path, tmp_path: Path) -> None:
    """Server-rendered page, missing page, static files; the build says once which adapter was replaced."""
    built = build(app, tmp_path / "output")
    assert built.code == 0, built.text
    assert built.text.count("@battleshiper/adapter-sveltekit replaces @sveltejs/adapter-auto.") == 1
    assert sorted(path.name for path in built.output.iterdir()) in (
        ["client", "routes.json", "server"],
        ["client", "prerendered", "routes.json", "server"],
    )
    assert json.loads((built.output / "routes.json").read_text()) == ["/"]
    assert (built.output / "client" / "robots.txt").is_file()
    (status, page), (missing, _) = built.ask(tmp_path, "/", "/nothing")
    assert (status, missing) == (200, 404)
    assert "Welcome to SvelteKit" in page
    wanted = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    assert (built.output / "server" / "node-version").read_text().strip() == wanted.strip().removeprefix("v")


def test_everything_an_app_may_use_is_there(app: Path, tmp_path: Path) -> None:
    """Base path, `read`, the environment, an old package, the client's address, instrumentation, prerendering."""
    rich = shutil.copytree(app, tmp_path / "rich", symlinks=True)
    (rich / "vite.config.ts").unlink()
    write(
        rich,
        {
            "vite.config.js": _CONFIG,
            "src/instrumentation.server.js": "globalThis.instrumented = true;",
            "src/routes/all/+server.js": _ENDPOINT,
            "src/routes/all/large.txt": "x" * 10_000,
            "src/routes/moved/+page.server.js": (
                "import { redirect } from '@sveltejs/kit';\n"
                "export const prerender = true;\nexport const load = () => redirect(307, '/docs/all');\n"
            ),
            "src/routes/moved/+page.svelte": "moved",
            "src/routes/written/+page.js": "export const prerender = true;",
            "src/routes/written/+page.svelte": "<h1>written</h1>",
            "node_modules/old-package/package.json": '{"name": "old-package", "version": "1.0.0", "main": "index.js"}',
            "node_modules/old-package/index.js": _PACKAGE,
        },
    )
    built = build(rich, tmp_path / "output")
    assert built.code == 0, built.text
    assert (built.output / "client" / "docs" / "_app").is_dir()
    assert "written" in (built.output / "prerendered" / "docs" / "written.html").read_text()
    assert "/docs/all" in (built.output / "prerendered" / "docs" / "moved.html").read_text()
    (status, body), (outside, _) = built.ask(tmp_path, "/docs/all", "/all")
    assert (status, outside) == (200, 404)
    assert json.loads(body) == {
        "address": "192.0.2.7",
        "read": 10_000,
        "variable": "hello",
        "package": ["MODULE_NOT_FOUND", "string", ".mjs"],
        "instrumented": True,
    }


def test_a_server_that_cannot_be_bundled_fails_the_build(app: Path, tmp_path: Path) -> None:
    """A package that exists for the app's own build only in part is named, and the build does not succeed."""
    broken = shutil.copytree(app, tmp_path / "broken", symlinks=True)
    write(
        broken,
        {
            "src/routes/broken/+server.js": "import 'half-package'; export const GET = () => new Response('');",
            "node_modules/half-package/package.json": (
                '{"name": "half-package", "version": "1.0.0", "type": "module", "exports": "./index.js"}'
            ),
            "node_modules/half-package/index.js": "export const later = () => import('./addon.node');",
            "node_modules/half-package/addon.node": "\x7fELF",
        },
    )
    built = build(broken, tmp_path / "output")
    assert built.code != 0
    assert "half-package has a compiled part (addon.node)" in built.text
