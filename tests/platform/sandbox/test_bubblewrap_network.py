"""What a sandboxed program can reach."""

import json
import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from battleshiper.platform.sandbox.network import Networks
from battleshiper.platform.sandbox.port import Network

pytestmark = pytest.mark.sandbox


@pytest.fixture
def listener() -> Iterator[int]:
    """Return the port of a server on every address of this machine, over both protocols."""
    with ExitStack() as closing:
        server = closing.enter_context(socket.create_server(("", 0)))
        yield server.getsockname()[1]


def addresses() -> list[str]:
    """Return every IPv4 address of this machine."""
    links = json.loads(subprocess.run(["ip", "-json", "-4", "address"], capture_output=True, check=True).stdout)
    return [info["local"] for link in links for info in link["addr_info"]]


def knock(port: int, hosts: list[str]) -> str:
    """Return a script that says which hosts take a connection."""
    return "\n".join(
        f"timeout 3 bash -c 'exec 3<>/dev/tcp/{host}/{port}' 2>/dev/null && echo reached {host}" for host in hosts
    )


def test_the_machine_itself_is_out_of_reach(box, own_network: None, listener: int) -> None:
    """No port of the machine answers, at loopback, its own addresses, any address or the gateway."""
    hosts = [*addresses(), "0.0.0.0", "127.0.0.2", "localhost"]  # noqa: S104  to be reached, not to listen at
    assert "reached" in subprocess.run(["bash", "-c", knock(listener, hosts)], capture_output=True, text=True).stdout
    outcome = box.run(knock(listener, hosts) + "\necho asked", network=Network.INTERNET)
    assert outcome.text == "asked\n"


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give the machine another address")
def test_other_addresses_of_the_machine_are_out_of_reach(box, own_network: None, listener: int) -> None:
    """A second interface, such as a container bridge, is no way in either."""
    add = subprocess.run(["ip", "address", "add", "10.213.77.1/32", "dev", "lo"], capture_output=True)
    if add.returncode != 0:
        pytest.skip(add.stderr.decode())
    try:
        assert (
            "reached"
            in subprocess.run(["bash", "-c", knock(listener, ["10.213.77.1"])], capture_output=True, text=True).stdout
        )
        outcome = box.run(knock(listener, ["10.213.77.1"]) + "\necho asked", network=Network.INTERNET)
    finally:
        subprocess.run(["ip", "address", "del", "10.213.77.1/32", "dev", "lo"], check=True)
    assert outcome.text == "asked\n"


def test_abstract_sockets_of_the_machine_are_out_of_reach(box, own_network: None) -> None:
    """Sockets without a file belong to the network namespace."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"\0battleshiper-{os.getpid()}")
        server.listen()
        text = box.run("cat /proc/net/unix", network=Network.INTERNET).text
    assert "battleshiper" not in text


def test_there_is_a_way_out_and_a_resolver(box, own_network: None) -> None:
    """A default route and a resolver that is not the machine's loopback."""
    text = box.run("ip route show default; cat /etc/resolv.conf", network=Network.INTERNET).text
    assert "default via" in text
    assert "nameserver 198.18.0.53" in text


def test_the_cloud_s_metadata_is_shut_off(box, own_network: None) -> None:
    """169.254.169.254 tells a machine's credentials to whoever asks from it."""
    text = box.run("ip route get 169.254.169.254", network=Network.INTERNET).text
    assert "Invalid argument" in text or "blackhole" in text


def test_the_routes_cannot_be_changed(box, own_network: None) -> None:
    """The program has no rights over its own network."""
    text = box.run("ip route del blackhole 169.254.0.0/16; ip link add x type dummy", network=Network.INTERNET).text
    assert text.count("Operation not permitted") == 2


def test_no_network_means_none(box) -> None:
    """Without a network there is loopback and nothing else."""
    text = box.run("ls /sys 2>/dev/null; cat /proc/net/dev; ip route", network=Network.NONE).text
    assert "lo:" in text
    assert text.count(":") == 1


def test_a_device_that_only_root_may_open_is_named(box, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Containers often have it so; the operator is told what to type."""
    device = tmp_path / "tun"
    device.touch(0o600)
    monkeypatch.setattr("battleshiper.platform.sandbox.network._TUN", device)
    weak = type(box.sandbox)()
    assert any("chmod 666 /dev/net/tun" in text for text in weak.weaknesses)


def test_the_host_s_network_is_the_host_s(box, listener: int) -> None:
    """Our own commands reach the machine's ports when they are meant to."""
    assert "reached" in box.run(knock(listener, ["127.0.0.1"]), network=Network.HOST).text


def test_without_pasta_it_says_what_is_weaker(box, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is missing is named, with the package to install."""
    monkeypatch.setattr(Networks, "lacks", lambda self: "pasta is not installed (package passt).")
    weak = type(box.sandbox)()
    assert any(
        "ports of this machine, because pasta is not installed (package passt)." in text for text in weak.weaknesses
    )


def test_a_network_that_cannot_be_made_is_told_and_done_without(
    box, listener: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where pasta does not work, programs get the machine's network, and the operator is told why."""
    monkeypatch.setattr(Networks, "_pasta", lambda self, version: ["/usr/bin/false"])
    weak = type(box)(type(box.sandbox)())
    assert any("pasta did not start" in text for text in weak.sandbox.weaknesses)
    assert "reached" in weak.run(knock(listener, ["127.0.0.1"]), network=Network.INTERNET).text
