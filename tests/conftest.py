"""What holds for all tests."""

from collections.abc import Generator, Iterator

import pytest
from aws.emulator import Emulator, running_emulator
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

# A busy machine is no fault of the code: no test fails because it was slow.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


class TogetherOnAws(LoadFileScheduling):
    """A file's tests run in one process, and so do all that push to the platform on the emulator, which is deployed for
    them once: that alone takes two minutes."""

    def _split_scope(self, nodeid: str) -> str:
        return "tests/aws" if nodeid.startswith("tests/aws/") else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling:
    """Share the tests out so among the processes."""
    return TogetherOnAws(config, log)


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
