"""What holds for all tests."""

from collections.abc import Generator, Iterator

import pytest
from aws.emulator import Emulator, running_emulator
from hypothesis import HealthCheck, settings

# A busy machine is no fault of the code: no test fails because it was slow.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    """An emulator of AWS that all tests share. Names are theirs to keep apart."""
    with running_emulator() as running:
        yield running


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What a test logged may be no valid text; the processes that share the tests tell each other text alone."""
    report = yield
    report.sections = [(name, text.encode(errors="backslashreplace").decode()) for name, text in report.sections]
    return report
