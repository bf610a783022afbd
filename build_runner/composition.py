"""Puts a build together from its instructions and this machine."""

import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx

from battleshiper.build_runner.build import Build
from battleshiper.build_runner.configuration import Configuration, SandboxKind, others
from battleshiper.build_runner.crafts import Crafts
from battleshiper.build_runner.log.build_log import BuildLog
from battleshiper.build_runner.log.mask import Mask
from battleshiper.build_runner.operator_network import certificate_binds, network_environment
from battleshiper.build_runner.output.collection import Collector
from battleshiper.build_runner.places import Places
from battleshiper.build_runner.project_cache import CacheLimits, ProjectCache
from battleshiper.build_runner.skipping import Skipping
from battleshiper.build_runner.source import Source, basic_credentials
from battleshiper.build_runner.tools.registry import NpmRegistry, Registry
from battleshiper.build_runner.tools.shelf import Shelf
from battleshiper.build_runner.tools.toolbox import Toolboxes
from battleshiper.build_runner.upload import Uploader
from battleshiper.build_runner.workshop import Workshop
from battleshiper.platform.model.instructions import Instructions
from battleshiper.platform.sandbox.bubblewrap import Bubblewrap
from battleshiper.platform.sandbox.container import Container
from battleshiper.platform.sandbox.port import Sandbox
from battleshiper.platform.sandbox.unsafe import Unsafe

ADAPTER = Path(__file__).with_name("adapter")
_SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"
_OUTSIDE = "outside"
"""The environment, as far as the cache knows, of what comes from outside."""
_LONGEST_FIELD_SHOWN = 16
"""Longer fields of an upload grant are signatures and policies."""
_TIMEOUT = httpx.Timeout(10, read=120, write=120)


@dataclass(frozen=True, slots=True)
class Machine:
    """This machine, as far as builds differ by it."""

    architecture: str
    """As `uname -m` tells it."""
    has_avx2: bool


@dataclass(frozen=True, slots=True)
class Equipment:
    """What every build needs, whatever it builds; made ahead where a runner waits for its order."""

    client: httpx.Client
    sandbox: Sandbox
    machine: Machine


def equip(kind: SandboxKind) -> Equipment:
    """Make what takes time to make."""
    make = {SandboxKind.BUBBLEWRAP: _bubblewrap, SandboxKind.CONTAINER: Container, SandboxKind.NONE: Unsafe}
    return Equipment(_client(), make[kind](), _this_machine())


def compose(
    configuration: Configuration,
    instructions: Instructions,
    *,
    log: BuildLog,
    equipment: Equipment,
    environment: Mapping[str, str],
    make_registry: Callable[[Mapping[str, str]], Registry] = NpmRegistry,
    cache_limits: CacheLimits | None = None,
) -> Build:
    """Return the build, with its folders made and its log masked. Nothing has run yet."""
    log.configure(mask=Mask(_secrets(configuration, instructions)), limit=instructions.limits.log_bytes)
    places = Places(configuration.work, has_own_view=configuration.sandbox is SandboxKind.BUBBLEWRAP)
    for folder in (places.repository, places.output, places.build / "home", places.temporary):
        if folder is not None:
            folder.mkdir(parents=True)
    # Closed, because not every sandbox hides it.
    places.private.mkdir(mode=0o700)
    network = network_environment(environment)
    workshop = Workshop(equipment.sandbox, log, places, instructions.limits, list(certificate_binds(network)))
    shelf = Shelf(configuration.cache / "tools", make_registry(others(environment)), log)
    cache = ProjectCache(
        configuration.cache / "projects",
        instructions.project_id,
        _OUTSIDE if instructions.is_outside else instructions.environment,
        places.private / "cache",
        log,
        cache_limits or CacheLimits(),
    )
    source = Source(workshop, log, places, network, _SYSTEM_PATH)
    toolboxes = Toolboxes(shelf, log, machine=equipment.machine.architecture, has_avx2=equipment.machine.has_avx2)
    crafts = Crafts(workshop, log, places, instructions, network, ADAPTER)
    return Build(
        instructions=instructions,
        places=places,
        log=log,
        source=source,
        skipping=Skipping(instructions, log, source, toolboxes, crafts),
        toolboxes=toolboxes,
        crafts=crafts,
        cache=cache,
        collector=Collector(instructions.limits, places.private),
        uploader=Uploader(equipment.client, instructions.uploads),
        machine=equipment.machine.architecture,
    )


def _client() -> httpx.Client:
    # One for all transports: to read the certificates of the world takes longer than all the rest.
    certificates = httpx.create_ssl_context()
    # The platform on this machine is never behind the operator's proxy.
    hosts = ("127.0.0.1", "localhost", "[::1]")
    direct = {f"all://{host}": httpx.HTTPTransport(verify=certificates) for host in hosts}
    return httpx.Client(timeout=_TIMEOUT, verify=certificates, mounts=direct)


def _bubblewrap() -> Sandbox:
    sandbox = Bubblewrap()
    # What was found wanting while the runner waited, such as a network, may be there when it is needed.
    return Bubblewrap() if sandbox.check() or sandbox.weaknesses else sandbox


def _this_machine() -> Machine:
    try:
        features = Path("/proc/cpuinfo").read_text(errors="replace")
    except OSError:
        features = ""
    return Machine(platform.machine(), has_avx2=" avx2 " in features)


def _secrets(configuration: Configuration, instructions: Instructions) -> list[str]:
    token = instructions.source.token
    grant = [*instructions.uploads.fields.values(), *dict(parse_qsl(urlsplit(instructions.uploads.url).query)).values()]
    fields = [value for value in grant if len(value) > _LONGEST_FIELD_SHOWN]
    known = [configuration.claim, *instructions.secrets, *fields]
    return [*known, token, basic_credentials(token)] if token else known
