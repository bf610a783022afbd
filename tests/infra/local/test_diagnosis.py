"""What the doctor finds on this machine."""

from pathlib import Path

import pytest

from battleshiper.infra.local.builds import Builds
from battleshiper.infra.local.diagnosis import Finding, Verdict, diagnose
from battleshiper.infra.local.settings import GitHubApp, Settings


def finding(name: str, settings: Settings) -> Finding:
    """Return what is found under a name."""
    (found,) = (each for each in diagnose(settings) if each.name == name)
    return found


def test_limits_are_shown(tmp_path: Path) -> None:
    """What one build may use is what the settings say."""
    found = finding("builds", Settings(tmp_path, concurrent_builds=1, builds=Builds(seconds=77, memory_mib=128)))
    assert found.verdict is Verdict.GOOD
    assert found.found.startswith("1 at once, each up to 77 s, 128 MiB of memory")


@pytest.mark.parametrize("concurrent", [1, 2])
def test_more_memory_than_there_is(tmp_path: Path, concurrent: int) -> None:
    """Builds that may use more memory than the machine has are warned of, with what to set."""
    found = finding("builds", Settings(tmp_path, concurrent_builds=concurrent, builds=Builds(memory_mib=1024**2)))
    assert found.verdict is Verdict.WEAK
    assert "BATTLESHIPER_BUILD_MEMORY_MIB" in found.remedy


@pytest.mark.parametrize(("mode", "verdict"), [(0o600, Verdict.GOOD), (0o400, Verdict.GOOD), (0o644, Verdict.WEAK)])
def test_a_private_key_that_others_read(tmp_path: Path, mode: int, verdict: Verdict) -> None:
    """The App's key is warned of when others than its owner may read it, with what to type."""
    key = tmp_path / "app.pem"
    key.touch()
    key.chmod(mode)
    found = finding("private key", Settings(tmp_path, github=GitHubApp(1, "key", "secret", private_key_file=key)))
    assert found.verdict is verdict
    assert (f"chmod 600 {key}" in found.remedy) == (verdict is Verdict.WEAK)
