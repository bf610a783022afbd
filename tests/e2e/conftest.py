"""A whole platform with its GitHub stand-in."""

from collections.abc import Iterator

import pytest
from e2e.chromium import chromium
from e2e.harness import Platform
from playwright.sync_api import Browser

from battleshiper.infra.local.running import run
from battleshiper.infra.local.settings import Settings


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real browser. What a test opens in it shares nothing with another's but the program."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """One platform for all tests that leave each other's repositories alone."""
    folder = tmp_path_factory.mktemp("platform")
    settings = Settings(folder / "data", port=0, github_port=0)
    with run(settings) as running:
        platform = Platform(running, folder)
        yield platform
        platform.close()
