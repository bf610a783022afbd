"""docs/configuration.md says what there is to configure."""

import re
from collections.abc import Iterator, Mapping

from battleshiper.build_runner.detection.settings import Settings as RepositorySettings
from battleshiper.infra.local.settings import read_settings
from battleshiper.platform.tickets.keys import KeyRing


class Noticing(Mapping[str, str]):
    """An environment that remembers what it was asked for."""

    def __init__(self, **values: str) -> None:
        self._values = values
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def test_every_variable_is_described(checkout, tmp_path) -> None:
    """The page names the variables that the platform reads, and no others."""
    key = tmp_path / "key.pem"
    key.write_text(KeyRing.new().private_pem)
    environment = Noticing(
        BATTLESHIPER_GITHUB_APP_ID="1",
        BATTLESHIPER_GITHUB_PRIVATE_KEY_FILE=str(key),
        BATTLESHIPER_GITHUB_WEBHOOK_SECRET="a secret",
    )
    read_settings(environment)
    assert set(re.findall(r"^\| `(BATTLESHIPER_\w+)`", _page(checkout), re.MULTILINE)) == environment.asked


def test_every_key_of_a_repository_is_described(checkout) -> None:
    """The page names the keys of `battleshiper.toml`, and no others."""
    described = set(re.findall(r"^\| `([a-z_]+)`", _page(checkout), re.MULTILINE))
    assert described == set(RepositorySettings.model_fields)


def _page(checkout) -> str:
    return (checkout.root / "docs" / "configuration.md").read_text()
