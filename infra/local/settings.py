"""The settings of one machine: read from the environment (or `.env`), checked at start, one message per mistake."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from battleshiper.infra.local.builds import Builds, read_builds
from battleshiper.infra.local.kept_app import KeptApp, KeptAppError, read_kept_app
from battleshiper.infra.local.reader import PREFIX, Reader
from battleshiper.platform.model.expiry import Keeping

DEFAULT_PORT = 8787
GITHUB_URL = "https://github.com"
GITHUB_API_URL = "https://api.github.com"
_OWN_NAMES = ("localhost", "127.0.0.1", "::1")
_GITHUB_NAMES = ("GITHUB_APP_ID", "GITHUB_PRIVATE_KEY_FILE", "GITHUB_WEBHOOK_SECRET")


class SettingsError(Exception):
    """Some settings are wrong; `mistakes` holds one sentence for each."""

    def __init__(self, mistakes: list[str]) -> None:
        self.mistakes = mistakes
        super().__init__("\n".join(mistakes))


@dataclass(frozen=True, slots=True)
class GitHubApp:
    """The App as GitHub knows it. The same fields serve github.com, Enterprise Server and the stand-in."""

    app_id: int
    private_key: str
    webhook_secret: str
    old_webhook_secret: str = ""
    """Still good while the secret is being changed; empty for none."""
    url: str = GITHUB_URL
    api_url: str = GITHUB_API_URL
    private_key_file: Path | None = None
    """Where the key was read from, if it was."""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    """With the client id, what lets people sign in; empty where nobody can."""
    is_kept: bool = False
    """True when `battleshiper github create-app` made it."""

    @property
    def webhook_secrets(self) -> tuple[str, ...]:
        """Every secret that a delivery may be signed with."""
        return (self.webhook_secret, self.old_webhook_secret) if self.old_webhook_secret else (self.webhook_secret,)


@dataclass(frozen=True, slots=True)
class Settings:
    """One machine's settings. `github` is None when nothing of it is configured: the stand-in takes its place."""

    data_dir: Path
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    base_url: str = f"http://localhost:{DEFAULT_PORT}"
    sites_domain: str = "localhost"
    github: GitHubApp | None = None
    github_url: str = GITHUB_URL
    github_api_url: str = GITHUB_API_URL
    """The GitHub that an App is made at when there is none yet."""
    github_port: int = 8788
    """Where the stand-in listens; 0 lets the system choose."""
    unsafe_builds: bool = False
    concurrent_builds: int = 2
    builds: Builds = field(default_factory=Builds)
    retention_days: int = 30
    """How long deliveries, dead letters and deployments that were never ready are kept."""
    keeping: Keeping = field(default_factory=Keeping)
    """Which deployments are kept."""
    administrators: frozenset[int] = frozenset()
    """GitHub's numeric ids of those who get every role when they sign in."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses or networks of reverse proxies whose `X-Forwarded-For` and `-Proto` are believed."""

    @property
    def own_url(self) -> str:
        """Where the platform's own programs reach it, on this machine."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104 - compared, not bound
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def names(self) -> frozenset[str]:
        """The hosts that the platform itself answers to."""
        return frozenset(urlsplit(url).hostname or "" for url in (self.base_url, self.own_url))

    @property
    def is_public(self) -> bool:
        """True when others than this machine may reach the platform."""
        return not all(name in _OWN_NAMES for name in (self.host, urlsplit(self.base_url).hostname))

    @property
    def sites_scheme(self) -> str:
        """Sites are reached as the platform is."""
        return urlsplit(self.base_url).scheme

    @property
    def sites_port(self) -> int | None:
        """The port in the sites' addresses."""
        return urlsplit(self.base_url).port


def default_base_url(port: int) -> str:
    """Return where the platform is reached when nothing else is said."""
    return f"http://localhost:{port}"


def read_settings(environment: Mapping[str, str], *, with_kept_app: bool = True) -> Settings:
    """Return the settings in `environment`, with the App that was made for this platform unless that is not wanted;
    raises SettingsError with all that is wrong."""
    reader = Reader(environment)
    host = reader.text("HOST", "127.0.0.1")
    port = reader.number("PORT", DEFAULT_PORT, 65535)
    data_dir = Path(reader.text("DATA_DIR", str(Path.home() / ".battleshiper"))).expanduser().absolute()
    url = reader.url("GITHUB_URL", GITHUB_URL)
    api_url = reader.url("GITHUB_API_URL", GITHUB_API_URL)
    settings = Settings(
        data_dir=data_dir,
        host=host,
        port=port,
        base_url=reader.url("BASE_URL", default_base_url(port)),
        sites_domain=reader.domain("SITES_DOMAIN", "localhost"),
        github=_github(reader, _kept(reader, data_dir, url) if with_kept_app else None, url, api_url),
        github_url=url,
        github_api_url=api_url,
        github_port=reader.number("STANDIN_PORT", 8788, 65535),
        unsafe_builds=reader.switch("UNSAFE_BUILDS"),
        concurrent_builds=reader.number("CONCURRENT_BUILDS", 2, 64, smallest=1),
        builds=read_builds(reader),
        # GitHub delivers again for three days, and each delivery must be known that long.
        retention_days=reader.number("RETENTION_DAYS", 30, 3650, smallest=4),
        keeping=Keeping(
            timedelta(days=reader.number("PREVIEW_DAYS", 30, 3650, smallest=1)),
            reader.number("PRODUCTION_DEPLOYMENTS", 10, 1000, smallest=1),
        ),
        administrators=reader.ids("ADMINISTRATORS"),
        trusted_proxies=reader.networks("TRUSTED_PROXIES"),
    )
    if not reader.mistakes and any(name.endswith(f".{settings.sites_domain}") for name in settings.names):
        reader.mistakes.append(
            f"{PREFIX}BASE_URL and {PREFIX}HOST must not lie below {PREFIX}SITES_DOMAIN: every name below "
            f"{settings.sites_domain} is a site's. Give the sites a domain of their own."
        )
    if reader.mistakes:
        raise SettingsError(reader.mistakes)
    return settings


def _kept(reader: Reader, data_dir: Path, url: str) -> KeptApp | None:
    """Return the App that `battleshiper github create-app` made, unless the environment names another."""
    given = reader.text("GITHUB_APP_ID", "")
    try:
        kept = read_kept_app(data_dir)
    except KeptAppError as error:
        reader.mistakes.append(str(error))
        return None
    if kept is None or (given and given != str(kept.app_id)):
        return None
    if reader.text("GITHUB_URL", "") and url != kept.url:
        reader.mistakes.append(
            f"{PREFIX}GITHUB_URL is {url}, and the App {kept.name} was made at {kept.url}: unset the variable, or make "
            "an App there: battleshiper github create-app --replace"
        )
    return kept


def _github(reader: Reader, kept: KeptApp | None, url: str, api_url: str) -> GitHubApp | None:
    given = {name: reader.text(name, "") for name in _GITHUB_NAMES}
    old_secret = reader.text("GITHUB_WEBHOOK_SECRET_OLD", "")
    if kept is not None:
        url, api_url = kept.url, kept.api_url
        given["GITHUB_APP_ID"] = given["GITHUB_APP_ID"] or str(kept.app_id)
        given["GITHUB_WEBHOOK_SECRET"] = given["GITHUB_WEBHOOK_SECRET"] or kept.webhook_secret
    elif not any((*given.values(), old_secret)):
        return None
    for name, value in given.items():
        is_kept = kept is not None and name == "GITHUB_PRIVATE_KEY_FILE"
        if not value and not is_kept:
            reader.mistakes.append(
                f"{PREFIX}{name} is missing: set it as GitHub shows it on the App's settings page, "
                f"or unset every {PREFIX}GITHUB_… to use the built-in stand-in."
            )
    key_file = given["GITHUB_PRIVATE_KEY_FILE"]
    private_key = _private_key(reader, key_file) if key_file else ""
    app_id = reader.number("GITHUB_APP_ID", kept.app_id if kept else 0, 2**53)
    return GitHubApp(
        app_id=app_id,
        private_key=kept.private_key if kept and not key_file else private_key,
        webhook_secret=given["GITHUB_WEBHOOK_SECRET"],
        old_webhook_secret=old_secret,
        url=url,
        api_url=api_url,
        private_key_file=Path(key_file).expanduser() if private_key else None,
        client_id=reader.text("GITHUB_CLIENT_ID", kept.client_id if kept else ""),
        client_secret=reader.text("GITHUB_CLIENT_SECRET", kept.client_secret if kept else ""),
        is_kept=kept is not None,
    )


def _private_key(reader: Reader, key_file: str) -> str:
    try:
        private_key = Path(key_file).expanduser().read_text()
        load_pem_private_key(private_key.encode(), password=None)
    except OSError as error:
        reader.mistakes.append(f"{PREFIX}GITHUB_PRIVATE_KEY_FILE cannot be read: {key_file}: {error.strerror}.")
        return ""
    except (ValueError, TypeError, UnsupportedAlgorithm):
        reader.mistakes.append(
            f"{PREFIX}GITHUB_PRIVATE_KEY_FILE is no private key: {key_file}. Take the .pem file that GitHub "
            "gave when the App's key was made."
        )
        return ""
    return private_key
