"""A platform that runs on this machine, with a stand-in for GitHub beside it where no App is configured."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

from battleshiper.infra.local.connect.office import connect_pages
from battleshiper.infra.local.machine import Machine
from battleshiper.infra.local.serving import Listener
from battleshiper.infra.local.settings import DEFAULT_PORT, GitHubApp, Settings, default_base_url
from battleshiper.infra.local.standin import OWNER, Standin
from battleshiper.platform.database.lock import lock_data_directory
from battleshiper.platform.secrets.files import FileSecrets


@dataclass(frozen=True, slots=True)
class RunningPlatform:
    """What there is to know of a platform that is up."""

    settings: Settings
    """With the ports that were taken in the end."""
    github: GitHubApp
    standin_url: str | None
    connect_url: str | None
    """Where the operator makes an App, when there is none; good once."""
    invitation_url: str | None
    """Where somebody becomes the platform's administrator, when nobody is; good once, for a day."""
    weaknesses: tuple[str, ...]

    @property
    def base_url(self) -> str:
        """Where the platform answers."""
        return self.settings.base_url

    def repository_name(self, name: str) -> str:
        """Return the full name of one of the stand-in's repositories."""
        return f"{OWNER}/{name}"

    def push_url(self, name: str) -> str:
        """Return where to push one of the stand-in's repositories to."""
        return f"{self.github.url}/{self.repository_name(name)}.git"


@contextmanager
def run(settings: Settings) -> Iterator[RunningPlatform]:
    """Run the platform while the context lasts.

    Raises the data directory's lock error, PortTakenError, the sandbox's SandboxError, or what a wrong secret or
    key raises.
    """
    with ExitStack() as stack:
        stack.enter_context(lock_data_directory(settings.data_dir))
        listener = Listener(settings.host, settings.port)
        stack.callback(listener.close)
        if settings.port == 0:
            chosen = default_base_url(listener.port)
            is_default = settings.base_url in (default_base_url(0), default_base_url(DEFAULT_PORT))
            settings = replace(settings, port=listener.port, base_url=chosen if is_default else settings.base_url)
        standin = None
        github = settings.github
        if github is None:
            standin = Standin(settings, FileSecrets(settings.data_dir / "secrets"))
            stack.callback(standin.close)
            github = standin.github
        connect = stack.enter_context(connect_pages(settings)) if standin else None
        machine = Machine(settings, github, connect=connect)
        stack.callback(machine.close)
        machine.start()
        listener.serve(machine.app)
        if standin is not None:
            standin.serve()
        yield RunningPlatform(
            settings,
            github,
            standin.url if standin else None,
            connect.link if connect else None,
            machine.invitation_url,
            machine.weaknesses,
        )
