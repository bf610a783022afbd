"""The platform that somebody has logged in to from here: one file, mode 0600."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from battleshiper.infra.cli.failure import CommandError
from battleshiper.platform.secrets.files import FileSecrets, secret_path
from battleshiper.platform.secrets.port import SecretsError

_NAME = "login"


@dataclass(frozen=True, slots=True)
class KeptLogin:
    """Where, as whom, and with what."""

    url: str
    login: str
    token: str = field(repr=False)


def read_login(data_dir: Path) -> KeptLogin | None:
    """Return the login that is kept in a data directory, None where there is none; raises CommandError."""
    if not secret_path(data_dir / "secrets", _NAME).exists():
        return None
    try:
        text = FileSecrets(data_dir / "secrets").get(_NAME)
        return None if text is None else KeptLogin(**json.loads(text))
    except (OSError, SecretsError, ValueError, TypeError) as error:
        raise CommandError(f"The login cannot be read: {error}", "Log in again: battleshiper login") from error


def keep_login(data_dir: Path, login: KeptLogin) -> None:
    """Keep a login in place of an earlier one; raises CommandError."""
    try:
        forget_login(data_dir)
        (data_dir).mkdir(mode=0o700, parents=True, exist_ok=True)
        FileSecrets(data_dir / "secrets").get_or_create(_NAME, lambda: json.dumps(asdict(login)))
    except (OSError, SecretsError) as error:
        raise CommandError(f"The login cannot be kept: {error}") from error


def forget_login(data_dir: Path) -> bool:
    """Forget the login; False when there is none."""
    path = secret_path(data_dir / "secrets", _NAME)
    there = path.exists()
    path.unlink(missing_ok=True)
    return there
