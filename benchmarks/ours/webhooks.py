"""The whole platform's web application on a durable store, in one process. Its bus is not started: deployments are
queued and stay so. Prints its address when it answers."""

import os
import signal
import sys
from pathlib import Path

import httpx

from battleshiper.infra.local.machine import Machine
from battleshiper.infra.local.serving import Listener
from battleshiper.infra.local.settings import GitHubApp, Settings
from benchmarks.deliveries import delivery_headers, installed, sign


def main(folder: Path) -> None:
    """Serve until the process is ended."""
    (folder / "data").mkdir()
    listener = Listener("127.0.0.1", 0)
    settings = Settings(folder / "data", port=listener.port, unsafe_builds=True)
    app = GitHubApp(int(os.environ["APP_ID"]), os.environ["PRIVATE_KEY"], os.environ["WEBHOOK_SECRET"])
    listener.serve(Machine(settings, app).app)
    address = f"http://127.0.0.1:{listener.port}"
    body = installed()
    headers = delivery_headers("installation", "the-installation", sign(body))
    httpx.post(f"{address}/webhooks/github", content=body, headers=headers).raise_for_status()
    print(address, flush=True)
    signal.pause()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
