"""An AWS of our own: ministack in a process, for what moto leaves out."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from urllib.error import URLError
from urllib.request import urlopen

import boto3
from botocore.config import Config

ACCOUNT = "000000000000"
REGION = "eu-central-1"
_PROGRAM = Path(sys.prefix) / "emulator" / "bin" / "ministack"
"""In an environment of its own, which `make test` makes: so functions find there what their packages hold, no more."""
_KEY = "test"
_PATIENCE = 60.0
_NOT_INHERITED = ("AWS_", "BATTLESHIPER_", "NO_PROXY", "no_proxy", "HTTP_PROXY", "http_proxy", "PYTHON")
"""What functions, which are its children, must not see of this machine."""


class Emulator:
    """A running ministack."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._clients = []

    def client(self, service: str, region: str = REGION, **config):
        """Return a boto3 client of a service."""
        client = boto3.client(
            service,
            region_name=region,
            endpoint_url=self.url,
            aws_access_key_id=_KEY,
            aws_secret_access_key=_KEY,
            config=Config(retries={"mode": "standard"}, s3={"addressing_style": "path"}, **config),
        )
        client.meta.events.register("before-send", _by_tls)
        if service == "cloudfront-keyvaluestore":
            client.meta.events.register("before-sign", without_account)
        self._clients.append(client)
        return client

    def clients_in(self, region: str) -> SimpleNamespace:
        """Return what the operator's commands take for a region's clients."""
        assert region == REGION
        return SimpleNamespace(of=lambda service, _=None, **config: self.client(service, **config))

    def close(self) -> None:
        """Close every client's connections."""
        for client in self._clients:
            client.close()


@contextmanager
def running_emulator() -> Iterator[Emulator]:
    """Run a ministack of one's own, which nobody but this machine reaches, and end it afterwards."""
    assert _PROGRAM.exists(), "The emulator is not installed: type `make .venv/emulator/installed`."
    with TemporaryDirectory(prefix="ministack-") as folder:
        port = _free_port()
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(_NOT_INHERITED)},
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(port),
            "AUTH": "true",  # who calls has to sign, and may do what IAM lets it
            "IOT_MTLS_ENABLED": "0",  # it would listen to everybody
            "LAMBDA_STATE_TRANSITION_SECONDS": "0.05",
            "HOME": folder,
            "TMPDIR": folder,
        }
        log = Path(folder) / "log"
        with log.open("wb") as output:
            process = subprocess.Popen([str(_PROGRAM)], cwd=folder, env=environment, stdout=output, stderr=output)
            try:
                emulator = Emulator(f"http://127.0.0.1:{port}")
                _wait_for(f"{emulator.url}/_ministack/health", process, log)
                yield emulator
                emulator.close()
            finally:
                process.terminate()
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        for leftover in Path(folder).iterdir():
            if leftover.is_dir():
                shutil.rmtree(leftover, ignore_errors=True)


def without_account(request, **_) -> None:
    """CloudFront's endpoint begins with the account's number, which no name server knows here."""
    request.url = request.url.replace(f"//{ACCOUNT}.", "//")


def _by_tls(request, **_) -> None:
    """Policies want it, and the emulator believes who says so."""
    request.headers["x-forwarded-proto"] = "https"


def _wait_for(url: str, process: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text(errors="replace")
        try:
            urlopen(url, timeout=5).close()  # noqa: S310 - our own
            return
        except (URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"The emulator does not answer: {log.read_text(errors='replace')}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]
