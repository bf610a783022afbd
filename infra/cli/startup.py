"""How commands learn their settings."""

import os
from pathlib import Path

from dotenv import dotenv_values

from battleshiper.infra.cli.failure import CommandError
from battleshiper.infra.local.settings import Settings, SettingsError, read_settings


def settings_from_environment() -> Settings:
    """Return the settings of the environment and of `.env` in this folder, where the environment wins.

    Raises CommandError with every mistake in them.
    """
    file = {name: value for name, value in dotenv_values(Path.cwd() / ".env").items() if value is not None}
    try:
        return read_settings({**file, **os.environ})
    except SettingsError as error:
        raise CommandError("\n  ".join(error.mistakes), "See docs/configuration.md.") from error
