"""How commands learn their settings, and how the platform is started."""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from dotenv import dotenv_values

from battleshiper.infra.cli.failure import CommandError
from battleshiper.infra.local.reader import PREFIX
from battleshiper.infra.local.settings import Settings, SettingsError, read_settings

if TYPE_CHECKING:
    from battleshiper.infra.local.running import RunningPlatform


def environment_file() -> Path:
    """Return the file that settings are read from, which need not be there."""
    return Path.cwd() / ".env"


def environment() -> dict[str, str]:
    """Return all that the operator has set, in the environment and in `.env`, where the environment wins."""
    file = {name: value for name, value in dotenv_values(environment_file()).items() if value is not None}
    return {**file, **os.environ}


def settings_from_environment(*, with_kept_app: bool = True) -> Settings:
    """Return the settings of the environment and of `.env` in this folder, where the environment wins, with the App
    that was made for the platform unless that is not wanted.

    Raises CommandError with every mistake in them.
    """
    try:
        return read_settings(environment(), with_kept_app=with_kept_app)
    except SettingsError as error:
        raise CommandError("\n  ".join(error.mistakes), "See docs/configuration.md.") from error


@contextmanager
def running_platform(settings: Settings) -> "Iterator[RunningPlatform]":
    """Run the platform while the context lasts; raises CommandError when it cannot start."""
    # Only the commands that run the platform wait for all of it to be imported.
    from battleshiper.infra.local.running import run
    from battleshiper.infra.local.serving import PortTakenError
    from battleshiper.platform.database.error import DatabaseError
    from battleshiper.platform.sandbox.port import SandboxError
    from battleshiper.platform.secrets.port import SecretsError

    with ExitStack() as stack:
        try:
            running = stack.enter_context(run(settings))
        except PortTakenError as error:
            name = "STANDIN_PORT" if error.port == settings.github_port else "PORT"
            raise CommandError(str(error), f"Stop what uses it, or choose another: {PREFIX}{name}=…") from error
        except SandboxError as error:
            raise CommandError(str(error), "To build what you trust without a sandbox: --unsafe-builds") from error
        except (DatabaseError, SecretsError) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(
                f"{settings.data_dir} cannot be used: {error}.", f"Choose another folder: {PREFIX}DATA_DIR=…"
            ) from error
        yield running


def listen_for_stop() -> Event:
    """Return what is set when somebody wants this process to end (Ctrl-C, SIGTERM)."""
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop
