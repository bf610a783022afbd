"""A local edge with made-up sites, behind a real server."""

import asyncio
import json
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from itertools import count
from pathlib import Path

import httpx
import pytest
import uvicorn
from aiohttp import web

from battleshiper.edge.local.app import LocalEdge
from battleshiper.platform.model.function import FunctionFailedError
from battleshiper.platform.model.manifest import Manifest, ManifestFile
from battleshiper.platform.model.route import Site, compile_site, site_key

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def manifest_of(*paths: str) -> Manifest:
    """Make a manifest of empty files."""
    return Manifest(files=tuple(ManifestFile(path=path, bytes=0, sha256="", content_type="") for path in paths))


class FakeHosts:
    """Knows the sockets of functions; one that it does not know failed."""

    def __init__(self) -> None:
        self.sockets: dict[str, Path] = {}
        self.asked: list[str] = []

    async def socket(self, reference: str) -> Path:
        self.asked.append(reference)
        if reference not in self.sockets:
            raise FunctionFailedError(f"{reference} died: secret last words")
        return self.sockets[reference]


class World:
    """Sites of one machine."""

    def __init__(self, objects: Path) -> None:
        self.objects = objects
        self.hosts = FakeHosts()
        self._tests = count()
        self.begin()

    def begin(self) -> None:
        """Forget everything. Files get another project, because an edge believes that they never change."""
        self.project = f"shop{next(self._tests)}"
        self.store: dict[str, str] = {}
        self.hosts.sockets.clear()
        self.hosts.asked.clear()
        self.broken = False

    def get(self, key: str) -> str | None:
        if self.broken:
            raise OSError("the disk is gone")
        return self.store.get(key)

    def publish(
        self,
        label: str,
        files: Mapping[str, bytes],
        *,
        deployment: str = "",
        function: str | None = None,
        fallback: str | None = None,
        noindex: bool = False,
    ) -> Site:
        """Publish a site as the deploy step does."""
        deployment = deployment or f"{label}1"
        for path, body in files.items():
            file = self.objects / site_key(self.project, deployment, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(body)
        site = compile_site(
            manifest_of(*files),
            project_id=self.project,
            deployment_id=deployment,
            function=function,
            spa_fallback=fallback,
        )
        self.store.update(site.tables)
        self.store[label] = site.record(noindex)
        return site


class RunningEdge:
    """A local edge behind uvicorn, in a thread of its own."""

    def __init__(self, world: World, **settings: object) -> None:
        self.world = world
        self.edge = LocalEdge(
            sites_domain="localhost",
            get=world.get,
            objects=world.objects,
            functions=world.hosts,
            **settings,  # type: ignore[arg-type]
        )
        config = uvicorn.Config(
            self.edge, port=0, http="httptools", ws="none", proxy_headers=False, log_config=None, server_header=False
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run)
        self._thread.start()
        while not self._server.started:
            self._thread.join(0.01)
        self.port: int = self._server.servers[0].sockets[0].getsockname()[1]
        self._client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=10)

    def request(self, method: str, label: str, path: str, **arguments: object) -> httpx.Response:
        """Send a request to a site."""
        headers = {"host": f"{label}.localhost:8787", "accept-encoding": "identity"}
        headers.update(arguments.pop("headers", {}))  # type: ignore[call-overload]
        return self._client.request(method, path, headers=headers, **arguments)  # type: ignore[arg-type]

    def get(self, label: str, path: str, **headers: str) -> httpx.Response:
        """Send a GET; header names have `_` for `-`."""
        return self.request("GET", label, path, headers={n.replace("_", "-"): v for n, v in headers.items()})

    def raw(self, data: bytes) -> bytes:
        """Send these bytes and return all that comes back until the server closes or is silent."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            connection.sendall(data)
            received = b""
            try:
                while chunk := connection.recv(65536):
                    received += chunk
            except TimeoutError:
                pass
            return received

    def raw_get(self, target: bytes, *headers: bytes) -> bytes:
        """Send a GET with exactly this request target and these header lines."""
        lines = [b"GET " + target + b" HTTP/1.1", *headers, b"connection: close"]
        return self.raw(b"\r\n".join(lines) + b"\r\n\r\n")

    def stop(self) -> None:
        self._client.close()
        self._server.should_exit = True
        self._thread.join()


class FunctionProcess:
    """A web server on a unix socket, in a thread of its own, that stands for a function's process."""

    def __init__(self, path: Path, handler: Handler) -> None:
        self.path = path
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(handler), self._loop).result(5)

    async def _start(self, handler: Handler) -> None:
        app = web.Application(client_max_size=2**30)
        app.router.add_route("*", "/{path:.*}", handler)
        self._runner = web.AppRunner(app, access_log=None, auto_decompress=False, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.UnixSite(self._runner, str(self.path)).start()

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


async def echo(request: web.Request) -> web.Response:
    """Answer with what arrived."""
    body = await request.read()
    told = {
        "method": request.method,
        "target": request.raw_path,
        "headers": [(name.decode().lower(), value.decode("latin-1")) for name, value in request.raw_headers],
        "body": body.hex(),
    }
    return web.Response(text=json.dumps(told), content_type="application/json")


@pytest.fixture(scope="session")
def running_edge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEdge]:
    running = RunningEdge(World(tmp_path_factory.mktemp("edge") / "objects"))
    yield running
    running.stop()


@pytest.fixture
def edge(running_edge: RunningEdge) -> RunningEdge:
    """An edge without sites."""
    running_edge.world.begin()
    return running_edge


@pytest.fixture
def world(edge: RunningEdge) -> World:
    """What the edge serves."""
    return edge.world


@pytest.fixture
def run_function(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Handler], None]]:
    """Start the function `fn` with a handler."""
    running: list[FunctionProcess] = []

    def run(handler: Handler) -> None:
        process = FunctionProcess(tmp_path_factory.mktemp("s") / "s", handler)
        running.append(process)
        world.hosts.sockets["fn"] = process.path

    yield run
    for process in running:
        process.stop()
