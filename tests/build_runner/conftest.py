"""A platform to build for: a server that hands out instructions, serves a git repository and takes uploads."""

import base64
import json
import os
import platform
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from battleshiper.platform.model.instructions import BuildLimits, Instructions, SourceInstructions, UploadGrant
from battleshiper.platform.model.result import BuildResult

TOKEN = "ghs_9mK2Wq7ZsR4tY1uXcV6bN8pL3dF5gH0j"
CLAIM = "claim-Qw8eR2tY6uI0pA4s"
SIGNATURE = "signature-Zx3cV7bN1mK5jH9g"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    stand_in: "PlatformStandIn"


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        pass

    def do_GET(self) -> None:
        self._git(b"")

    def do_POST(self) -> None:
        body = (
            self.rfile.read(int(self.headers["Content-Length"])) if "Content-Length" in self.headers else self._chunks()
        )
        stand_in = self.server.stand_in
        if self.path == "/claim":
            fresh = self.headers["Authorization"] == f"Bearer {CLAIM}" and not stand_in.spent
            stand_in.spent = True
            self._answer(200 if fresh else 403, stand_in.instructions.model_dump_json().encode() if fresh else b"{}")
        elif self.path == "/upload":
            self._answer(*stand_in.take(self.headers["Content-Type"], body))
        else:
            self._git(body)

    def _chunks(self) -> bytes:
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _git(self, body: bytes) -> None:
        """Run git's own CGI program for smart HTTP, as a web server would (git-http-backend(1))."""
        expected = "Basic " + base64.b64encode(f"x-access-token:{TOKEN}".encode()).decode()
        if self.headers["Authorization"] != expected:
            self._answer(401, b"", [("WWW-Authenticate", 'Basic realm="git"')])
            return
        path, _, query = self.path.partition("?")
        done = subprocess.run(
            ["git", "http-backend"],
            input=body,
            capture_output=True,
            check=True,
            env={
                "PATH": os.environ["PATH"],
                "GIT_PROJECT_ROOT": str(self.server.stand_in.repositories),
                "GIT_HTTP_EXPORT_ALL": "1",
                "GIT_PROTOCOL": self.headers["Git-Protocol"] or "",
                "GIT_CONFIG_COUNT": "1",
                "GIT_CONFIG_KEY_0": "uploadpack.allowAnySHA1InWant",
                "GIT_CONFIG_VALUE_0": "true",
                "PATH_INFO": path,
                "QUERY_STRING": query,
                "REQUEST_METHOD": self.command,
                "CONTENT_TYPE": self.headers["Content-Type"] or "",
                "HTTP_CONTENT_ENCODING": self.headers["Content-Encoding"] or "",
            },
        )
        head, _, answer = done.stdout.partition(b"\r\n\r\n")
        headers = [
            (name, value.strip()) for name, _, value in (line.partition(":") for line in head.decode().split("\r\n"))
        ]
        status = next((int(value.split()[0]) for name, value in headers if name == "Status"), 200)
        self._answer(status, answer, [header for header in headers if header[0] != "Status"])

    def _answer(self, status: int, body: bytes, headers: list[tuple[str, str]] | None = None) -> None:
        self.send_response(status)
        for name, value in headers or []:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@dataclass
class Ended:
    """What a run of the build runner left."""

    code: int
    log: str
    result: BuildResult | None
    uploads: dict[str, bytes]
    types: dict[str, str]


@dataclass
class PlatformStandIn:
    """One platform with one repository, one project and one build at a time."""

    folder: Path
    tools: Path
    repositories: Path = field(init=False)
    cache: Path = field(init=False)
    uploads: dict[str, bytes] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    refusals: list[int] = field(default_factory=list)
    """Statuses for the next uploads, before any is taken."""
    spent: bool = False
    builds: int = 0

    def __post_init__(self) -> None:
        self.repositories = self.folder / "repositories"
        self.cache = self.folder / "cache"
        self.cache.mkdir(parents=True)
        self.sources = self.repositories / "site"
        self.sources.mkdir(parents=True)
        self._git("init", "--quiet", "--initial-branch=main")
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.stand_in = self
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def commit(self, files: Mapping[str, str | bytes | dict[str, Any] | None]) -> str:
        """Commit files over those that are there, without those that are None, and return the commit's id."""
        for name, content in files.items():
            path = self.sources / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if content is None:
                path.unlink()
            elif isinstance(content, bytes):
                path.write_bytes(content)
            else:
                path.write_text(content if isinstance(content, str) else json.dumps(content))
        self._git("add", "--all", "--force")
        self._git("commit", "--quiet", "--allow-empty", "--message=a commit")
        return self._git("rev-parse", "HEAD").strip()

    def build(
        self, sha: str, *, unsafe: bool = False, environ: Mapping[str, str] | None = None, **changes: Any
    ) -> Ended:
        """Run the build runner as the builder does, to its end."""
        self.prepare(sha, **changes)
        done = self.start(unsafe=unsafe, environ=environ or {})
        output, _ = done.communicate(timeout=300)
        prefix = self.instructions.uploads.prefix
        uploads = {key.removeprefix(prefix): body for key, body in self.uploads.items()}
        result = uploads.pop("result.json", None)
        return Ended(
            code=done.returncode,
            log=output.decode(),
            result=BuildResult.model_validate_json(result) if result else None,
            uploads=uploads,
            types={key.removeprefix(prefix): value for key, value in self.types.items()},
        )

    def prepare(self, sha: str, **changes: Any) -> None:
        """Make instructions for the next build."""
        self.builds += 1
        self.uploads, self.types, self.spent = {}, {}, False
        instructions = Instructions(
            deployment_id=f"dep{self.builds}",
            project_id="project1",
            project_name="site",
            environment="production",
            branch="main",
            source=SourceInstructions(clone_url=f"{self.url}/site", sha=sha, token=TOKEN),
            limits=BuildLimits(seconds=120),
            uploads=UploadGrant(
                url=f"{self.url}/upload", fields={"policy": SIGNATURE}, prefix=f"builds/project1/dep{self.builds}/"
            ),
        )
        self.instructions = instructions.model_copy(update=changes)

    def environment(self, *, unsafe: bool) -> dict[str, str]:
        """Return what the builder tells the runner of the next build."""
        work = self.folder / f"work{self.builds}"
        work.mkdir()
        if not (self.cache / "tools").exists():
            (self.cache / "tools").symlink_to(self.tools)
        return {
            "BATTLESHIPER_CLAIM_URL": f"{self.url}/claim",
            "BATTLESHIPER_CLAIM": CLAIM,
            "BATTLESHIPER_WORK_DIR": str(work),
            "BATTLESHIPER_CACHE_DIR": str(self.cache),
            "BATTLESHIPER_UNSAFE_BUILDS": "1" if unsafe else "",
        }

    def start(self, *, unsafe: bool, environ: Mapping[str, str]) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-m", "battleshiper.build_runner"],
            env={**os.environ, **self.environment(unsafe=unsafe), **environ},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def take(self, content_type: str, body: bytes) -> tuple[int, bytes]:
        """Take one presigned-POST-shaped upload: fields in order, the file last."""
        if self.refusals:
            return self.refusals.pop(0), b"not now"
        boundary = b"--" + content_type.partition("boundary=")[2].encode()
        fields: dict[str, bytes] = {}
        for part in body.split(boundary)[1:-1]:
            head, _, content = part.partition(b"\r\n\r\n")
            fields[head.decode().split('name="')[1].split('"')[0]] = content.removesuffix(b"\r\n")
        key = fields["key"].decode()
        assert list(fields)[-1] == "file"
        assert fields["policy"].decode() == SIGNATURE
        assert key.startswith(self.instructions.uploads.prefix)
        assert not any(other.endswith("result.json") for other in self.uploads), "the result must be last"
        self.uploads[key] = fields["file"]
        self.types[key] = fields["Content-Type"].decode()
        return 204, b""

    def _git(self, *arguments: str) -> str:
        identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false")
        command = ["git", *identity, *arguments]
        return subprocess.run(command, cwd=self.sources, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="session")
def machine_tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shelf of tools with the machine's own Node and npm on it, so that most tests need no registry."""
    shelf = tmp_path_factory.mktemp("tools")
    architecture = {"x86_64": "x64", "aarch64": "arm64"}[platform.machine()]
    node = Path(shutil.which("node") or "").resolve()
    npm = Path(shutil.which("npm") or "").resolve().parent.parent
    for package, version in ((f"node-linux-{architecture}", "24.0.0"), ("npm", "11.0.0")):
        modules = shelf / package / version / "node_modules"
        modules.mkdir(parents=True)
        (shelf / package / "versions.json").write_text(json.dumps([version]))
        if package == "npm":
            shutil.copytree(npm, modules / "npm", symlinks=True)
            (modules / ".bin").mkdir()
            (modules / ".bin" / "npm").symlink_to("../npm/bin/npm-cli.js")
        else:
            (modules / package / "bin").mkdir(parents=True)
            shutil.copy(node, modules / package / "bin" / "node")
    for folder in (shelf, *shelf.parents):
        if folder.name.startswith("pytest"):
            folder.chmod(0o755)
    return shelf


@pytest.fixture
def stand_in(tmp_path: Path, machine_tools: Path) -> Iterator[PlatformStandIn]:
    """A platform to build for."""
    platform_stand_in = PlatformStandIn(tmp_path, machine_tools)
    yield platform_stand_in
    platform_stand_in.close()
