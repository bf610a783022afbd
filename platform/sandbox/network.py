"""A network of its own for a sandbox: out to the internet, but not to this machine.

`pasta` (https://passt.top) carries the traffic of a network namespace through ordinary sockets. It runs in a small
sandbox of its own, next to a shell that holds the namespace open, so that both end with the platform. Whoever owns
a namespace may change it, so for root it belongs to another user than the sandboxed program's.
"""

import ipaddress
import json
import select
import shutil
import subprocess
from pathlib import Path

from battleshiper.platform.sandbox import view
from battleshiper.platform.sandbox.launcher import Launcher
from battleshiper.platform.sandbox.memory_files import MemoryFiles
from battleshiper.platform.sandbox.port import SandboxError

_RESOLVERS = {4: "198.18.0.53", 6: "2001:2::53"}
"""Where the sandbox asks for names; pasta hands it to the machine's resolver (RFC 2544, RFC 5180: nobody's)."""
_METADATA = {4: ("169.254.0.0/16",), 6: ("fd00:ec2::/32",)}
"""Where clouds tell a machine its credentials."""
_TUN = Path("/dev/net/tun")
_TRIES = 300
"""How often to look, each 10 ms, whether the network is up."""
_START_SECONDS = 15.0
_HOLD = """
version=$1 tries=$2; shift 2
until [ -n "$(ip "-$version" route show default)" ]; do
  tries=$((tries - 1)); [ "$tries" -gt 0 ] || exit 1; sleep 0.01
done
for address in "$@"; do ip route add blackhole "$address" || exit 1; done
read -r pid rest < /machine/self/stat
echo "$pid"
read -r end
"""


class Network:
    """A network namespace and the programs that keep it going."""

    def __init__(self, keeper: "subprocess.Popen[bytes]", holder: int, resolver: str, *, own_users: bool) -> None:
        self._keeper = keeper
        self.resolver = resolver
        """The text for /etc/resolv.conf."""
        users = ("--user", "--preserve-credentials") if own_users else ()
        self.entrance = ("nsenter", f"--target={holder}", *users, "--net", "--")
        """What to put before a command so that it runs in this network."""

    def close(self) -> None:
        """End it. Safe to call again."""
        self._keeper.kill()
        self._keeper.wait()
        for stream in (self._keeper.stdin, self._keeper.stdout):
            if stream is not None:
                stream.close()


class Networks:
    """Opens networks. `owner` is the user that pasta runs as, None to run it as ourselves."""

    def __init__(self, launcher: Launcher, owner: int | None) -> None:
        self._launcher = launcher
        self._owner = owner

    def lacks(self) -> str:
        """Return what is not installed, as a sentence, or an empty text."""
        if not shutil.which("pasta"):
            return "pasta is not installed (package passt)."
        if not shutil.which("ip", path="/usr/sbin:/usr/bin:/sbin:/bin"):
            return "ip is not installed (package iproute2)."
        if not _TUN.exists():
            return "/dev/net/tun is not there (`modprobe tun`; in a container: `--device /dev/net/tun`)."
        if not _is_open_to_all(_TUN):
            return "/dev/net/tun is not open to all users, as it usually is (`chmod 666 /dev/net/tun`)."
        return ""

    def open(self) -> Network:
        """Make a network; raises SandboxError."""
        version = _version()
        try:
            with MemoryFiles() as files:
                keeper = self._launcher.launch(
                    [
                        *self._keep(files),
                        *self._pasta(version),
                        "--",
                        "/bin/sh",
                        "-c",
                        _HOLD,
                        "hold",
                        *_orders(version),
                    ],
                    descriptors=files.descriptors,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                )
        except (OSError, subprocess.SubprocessError, ValueError) as error:
            raise SandboxError(f"No network could be made for a sandbox: {error}") from error
        resolver = f"nameserver {_RESOLVERS[version]}\n"
        holder = _read_number(keeper)
        if holder is None:
            Network(keeper, 0, resolver, own_users=False).close()
            raise SandboxError(
                "No network could be made for a sandbox: pasta did not start. Try `pasta --config-net true`."
            )
        return Network(keeper, holder, resolver, own_users=self._owner is None)

    def _keep(self, files: MemoryFiles) -> list[str]:
        owner = str(self._owner)
        drop = ["setpriv", "--reuid", owner, "--regid", owner, "--clear-groups", "--"] if self._owner else []
        system = view.system(files, uid=0, gid=0, resolver=view.machine_resolver(), temporary_bytes=1024**2)
        return [
            *("bwrap", "--die-with-parent", "--unshare-pid", "--unshare-ipc", *system),
            *("--perms", "0755", "--dir", "/dev/net", "--dev-bind", "/dev/net/tun", "/dev/net/tun"),
            *("--perms", "0755", "--dir", "/machine", "--ro-bind", "/proc", "/machine", *view.seal(), "--", *drop),
        ]

    def _pasta(self, version: int) -> list[str]:
        return [
            *("pasta", "--quiet", "--foreground", f"-{version}", "--config-net", "--no-map-gw"),
            *("-t", "none", "-u", "none", "-T", "none", "-U", "none", "--dns-forward", _RESOLVERS[version]),
        ]


def _is_open_to_all(device: Path) -> bool:
    """pasta runs as nobody, whom no group and no owner's rights help."""
    return device.stat().st_mode & 0o006 == 0o006


def _orders(version: int) -> list[str]:
    """Return the holding script's arguments: how long to wait for what, then what to shut off."""
    return [str(version), str(_TRIES), *_METADATA[version], *_machine_addresses(version)]


def _read_number(keeper: "subprocess.Popen[bytes]") -> int | None:
    """Return the number that the holding script says once the network is up, None when it says nothing in time."""
    assert keeper.stdout is not None  # noqa: S101  a pipe, asked for above
    if not select.select([keeper.stdout], [], [], _START_SECONDS)[0]:
        return None
    line = keeper.stdout.readline().strip()
    return int(line) if line.isdigit() else None


def _version() -> int:
    """Return which internet protocol the machine reaches others by, the older one when it has both."""
    routes = [line.split() for line in Path("/proc/self/net/route").read_text().splitlines()]
    if any(len(route) > 1 and route[1] == "00000000" for route in routes):
        return 4
    path = Path("/proc/self/net/ipv6_route")
    routes = [line.split() for line in path.read_text().splitlines()] if path.exists() else []
    return 6 if any(route[0] == "0" * 32 and route[1] == "00" and route[-1] != "lo" for route in routes) else 4


def _machine_addresses(version: int) -> list[str]:
    """Return the addresses this machine listens at, loopback aside."""
    answer = subprocess.run(["ip", "-json", f"-{version}", "address"], capture_output=True, check=True, timeout=10)
    found = [
        info["local"] for link in json.loads(answer.stdout) for info in link.get("addr_info", ()) if "local" in info
    ]
    return sorted({address for address in found if not ipaddress.ip_address(address).is_loopback})
