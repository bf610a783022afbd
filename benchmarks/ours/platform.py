"""A platform of its own with the demo's site pushed to it. Prints the address to connect to and the host to ask for
when the site is live."""

import signal
import sys
from pathlib import Path
from time import sleep
from urllib.parse import urlsplit

from battleshiper.infra.cli.client import Client
from battleshiper.infra.local.demo.repository import DemoRepository
from battleshiper.infra.local.running import RunningPlatform, run
from battleshiper.infra.local.sandbox import choose_sandbox
from battleshiper.infra.local.settings import Settings
from battleshiper.platform.sandbox.port import SandboxError


def main(folder: Path) -> None:
    """Serve until the process is ended."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with run(choose_settings(folder / "data")) as platform:
        url = urlsplit(_deploy(platform, folder / "site"))
        print(f"http://127.0.0.1:{platform.settings.port} {url.netloc}", flush=True)
        signal.pause()


def choose_settings(data: Path) -> Settings:
    """Return settings for a platform of its own, with the sandbox where there is one."""
    try:
        choose_sandbox(unsafe=False)
    except SandboxError as error:
        print(f"Measured without a sandbox: {error}", file=sys.stderr)
        return Settings(data, port=0, github_port=0, unsafe_builds=True)
    return Settings(data, port=0, github_port=0)


def _deploy(platform: RunningPlatform, folder: Path) -> str:
    repository = DemoRepository(folder, platform.push_url("hello"))
    repository.create()
    sha = repository.push()
    client = Client.for_settings(platform.settings)
    while True:
        sleep(0.2)
        found = [each for each in client.get("/deployments", limit=5) if each["sha"] == sha]
        if not found or not found[0]["finished"]:
            continue
        if found[0]["state"] != "ready":
            raise SystemExit(f"The site was not deployed: {found[0]['reason']}")
        url: str = found[0]["url"]
        return url


if __name__ == "__main__":
    main(Path(sys.argv[1]))
