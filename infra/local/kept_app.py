"""The App that was made for this platform, as it is kept with the platform's other secrets: one file, mode 0600."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from battleshiper.platform.secrets.files import FileSecrets, secret_path
from battleshiper.platform.secrets.port import SecretsError

_NAME = "github-app"


class KeptAppError(Exception):
    """The App cannot be read or kept; the message says what to do."""


class AppThereError(KeptAppError):
    """There is an App already."""

    def __init__(self, app: "KeptApp") -> None:
        super().__init__(f"The App {app.name} ({app.html_url}) is there already. Another takes its place by --replace.")


@dataclass(frozen=True, slots=True)
class KeptApp:
    """An App with its secrets, and the GitHub it was made at."""

    app_id: int
    slug: str
    name: str
    owner: str
    html_url: str
    client_id: str
    url: str
    api_url: str
    client_secret: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    private_key: str = field(repr=False)

    @property
    def install_url(self) -> str:
        """Where it is installed."""
        return f"{self.html_url}/installations/new"


def kept_app_path(data_dir: Path) -> Path:
    """Return the file that an App is kept in."""
    return secret_path(data_dir / "secrets", _NAME)


def read_kept_app(data_dir: Path) -> KeptApp | None:
    """Return the App that was made, None where there is none; raises KeptAppError. Makes no folder."""
    path = kept_app_path(data_dir)
    try:
        if not path.exists():
            return None
        text = FileSecrets(path.parent).get(_NAME)
        return None if text is None else KeptApp(**json.loads(text))
    except OSError as error:
        raise KeptAppError(
            f"{path} cannot be read: {error.strerror}. Run this as the user who runs the platform."
        ) from error
    except SecretsError as error:
        raise KeptAppError(str(error)) from error
    except (ValueError, TypeError) as error:
        raise KeptAppError(
            f"{path} is not as it was written. Put it back, or remove it and make the App again."
        ) from error


def keep_app(data_dir: Path, app: KeptApp, *, replace: bool = False) -> None:
    """Keep an App. Raises AppThereError for a second one, unless it is to take the first one's place, and
    KeptAppError."""
    text = json.dumps(asdict(app), indent=1)
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        secrets = FileSecrets(data_dir / "secrets")
        if replace:
            _clear_unreadable(data_dir, secrets)
        there = secrets.get_or_create(_NAME, lambda: text)
        if there == text:
            return
        if not replace:
            raise AppThereError(KeptApp(**json.loads(there)))
        secrets.replace(_NAME, text, expected=there)
    except (OSError, SecretsError) as error:
        raise KeptAppError(f"The App could not be kept: {error}") from error


def _clear_unreadable(data_dir: Path, secrets: FileSecrets) -> None:
    """What is to be replaced need not be readable: GitHub has made the new App by now, and its key is nowhere else."""
    try:
        secrets.get(_NAME)
    except SecretsError:
        kept_app_path(data_dir).unlink(missing_ok=True)
