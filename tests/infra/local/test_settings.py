"""The settings of one machine: what is refused, and with which words."""

from datetime import timedelta
from pathlib import Path

import pytest

from battleshiper.infra.local.settings import SettingsError, read_settings
from battleshiper.platform.model.expiry import Keeping
from battleshiper.platform.model.instructions import BuildLimits
from battleshiper.platform.tickets.keys import KeyRing


@pytest.mark.parametrize("base_url", ["https://deploy.example.org", "https://a.b.example.org:8443"])
def test_the_platform_below_the_sites(base_url: str) -> None:
    """A platform that would be taken for a site could never be reached: this is said at start."""
    environment = {"BATTLESHIPER_SITES_DOMAIN": "example.org", "BATTLESHIPER_BASE_URL": base_url}
    with pytest.raises(SettingsError, match="domain of their own"):
        read_settings(environment)


def test_the_platform_beside_the_sites() -> None:
    """Two domains are fine, and the platform answers to its own name and to its address."""
    environment = {"BATTLESHIPER_SITES_DOMAIN": "sites.example", "BATTLESHIPER_BASE_URL": "https://deploy.example"}
    assert read_settings(environment).names == {"deploy.example", "127.0.0.1"}


def test_an_address_that_is_none() -> None:
    """An address that cannot even be split is one mistake, named once."""
    with pytest.raises(SettingsError) as refused:
        read_settings({"BATTLESHIPER_BASE_URL": "http://[::1"})
    assert len(refused.value.mistakes) == 1


@pytest.mark.parametrize(
    ("name", "value", "is_public"),
    [
        ("HOST", "127.0.0.1", False),
        ("HOST", "::", True),
        ("HOST", "192.168.1.7", True),
        ("BASE_URL", "https://deploy.example", True),
        ("BASE_URL", "http://localhost:9000", False),
    ],
)
def test_who_can_reach_it(name: str, value: str, is_public: bool) -> None:
    """A platform that listens to others, or is reached through a proxy by another name, is known to be public."""
    assert read_settings({f"BATTLESHIPER_{name}": value}).is_public is is_public


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("UNSAFE_BUILDS", "yes"),
        ("CONCURRENT_BUILDS", "0"),
        ("PORT", "65536"),
        ("BASE_URL", "http://localhost:0"),
        ("BUILD_SECONDS", "0"),
        ("BUILD_SECONDS", "10m"),
        ("BUILD_MEMORY_MIB", "2GiB"),
        ("BUILD_PROCESSES", "-1"),
        ("BUILD_DISK_MIB", "1.5"),
        ("BUILD_OUTPUT_MIB", "0"),
        ("BUILD_OUTPUT_FILES", "many"),
        ("BUILD_FILE_MIB", "100000"),
        ("RETENTION_DAYS", "3"),
        ("PREVIEW_DAYS", "0"),
        ("PREVIEW_DAYS", "3651"),
        ("PRODUCTION_DEPLOYMENTS", "0"),
    ],
)
def test_values_that_make_no_sense(name: str, value: str) -> None:
    """A value out of bounds is refused by name, never taken for another."""
    with pytest.raises(SettingsError, match=f"^BATTLESHIPER_{name} must be .*{value}"):
        read_settings({f"BATTLESHIPER_{name}": value})


def test_what_is_kept() -> None:
    """Previews are kept for days and production deployments by count, as it is said or as usual."""
    assert read_settings({}).keeping == Keeping(timedelta(days=30), 10)
    given = {"BATTLESHIPER_PREVIEW_DAYS": "7", "BATTLESHIPER_PRODUCTION_DEPLOYMENTS": "3"}
    assert read_settings(given).keeping == Keeping(timedelta(days=7), 3)


def test_limits_of_a_build() -> None:
    """Each limit is what its variable says, and what is not said is what the pipeline takes by itself."""
    names = ("SECONDS", "MEMORY_MIB", "PROCESSES", "DISK_MIB", "OUTPUT_MIB", "OUTPUT_FILES", "FILE_MIB")
    given = {f"BATTLESHIPER_BUILD_{name}": str(1000 + number) for number, name in enumerate(names)}
    mib = 1024**2
    assert read_settings(given).builds.limits == BuildLimits(
        seconds=1000,
        memory_bytes=1001 * mib,
        processes=1002,
        work_bytes=1003 * mib,
        output_bytes=1004 * mib,
        output_files=1005,
        output_file_bytes=1006 * mib,
    )
    assert read_settings({}).builds.limits == BuildLimits()


def test_any_port() -> None:
    """Port 0 lets the system choose."""
    assert read_settings({"BATTLESHIPER_PORT": "0"}).port == 0


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """A file with a private key."""
    path = tmp_path / "app.pem"
    path.write_text(KeyRing.new().private_pem)
    return path


def test_a_webhook_secret_that_is_being_changed(key: Path) -> None:
    """Deliveries are good under either secret while both are set, and under the one alone before and after."""
    names = {"APP_ID": "1", "PRIVATE_KEY_FILE": str(key), "WEBHOOK_SECRET": "new"}
    environment = {f"BATTLESHIPER_GITHUB_{name}": value for name, value in names.items()}
    github = read_settings(environment).github
    assert github is not None
    assert github.webhook_secrets == ("new",)
    github = read_settings({**environment, "BATTLESHIPER_GITHUB_WEBHOOK_SECRET_OLD": "old"}).github
    assert github is not None
    assert github.webhook_secrets == ("new", "old")


def test_an_old_secret_alone() -> None:
    """It does not stand for the present one: what is missing is named, and no stand-in takes GitHub's place."""
    with pytest.raises(SettingsError, match="BATTLESHIPER_GITHUB_WEBHOOK_SECRET is missing"):
        read_settings({"BATTLESHIPER_GITHUB_WEBHOOK_SECRET_OLD": "old"})


def test_a_key_that_is_none(tmp_path: Path) -> None:
    """A file that is no private key is named at start, not at the first call to GitHub."""
    key = tmp_path / "app.pem"
    key.write_text("-----BEGIN RSA PRIVATE KEY-----\nx\n-----END RSA PRIVATE KEY-----\n")
    environment = {"APP_ID": "1", "PRIVATE_KEY_FILE": str(key), "WEBHOOK_SECRET": "s"}
    with pytest.raises(SettingsError, match=r"no private key: .*app\.pem"):
        read_settings({f"BATTLESHIPER_GITHUB_{name}": value for name, value in environment.items()})
