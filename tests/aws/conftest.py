"""The platform on the emulator."""

from collections.abc import Iterator

import pytest
from aws.emulator import Emulator
from aws.platform import PlatformOnAws


@pytest.fixture(scope="session")
def platform(emulator: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlatformOnAws]:
    """One platform for all tests that leave each other's repositories alone."""
    made = PlatformOnAws(emulator, tmp_path_factory.mktemp("platform"))
    yield made
    made.close()
