"""What the builder must tell the runner."""

from pathlib import Path

import pytest

from battleshiper.build_runner.configuration import read_configuration
from battleshiper.build_runner.failure import RunnerError


def test_everything_missing_is_named_at_once(tmp_path: Path) -> None:
    """One message, not one per attempt."""
    with pytest.raises(RunnerError, match="BATTLESHIPER_CLAIM, BATTLESHIPER_CACHE_DIR must be set"):
        read_configuration({"BATTLESHIPER_CLAIM_URL": "http://x", "BATTLESHIPER_WORK_DIR": str(tmp_path)})


def test_the_attempt_is_the_machines_to_count(tmp_path: Path) -> None:
    """The first where nobody counts; what is no number is an error."""
    environment = {
        "BATTLESHIPER_CLAIM_URL": "http://x",
        "BATTLESHIPER_CLAIM": "c",
        "BATTLESHIPER_WORK_DIR": str(tmp_path),
        "BATTLESHIPER_CACHE_DIR": str(tmp_path / "cache"),
    }
    assert read_configuration(environment).attempt == 1
    assert read_configuration({**environment, "AWS_BATCH_JOB_ATTEMPT": "2"}).attempt == 2
    with pytest.raises(RunnerError, match="AWS_BATCH_JOB_ATTEMPT"):
        read_configuration({**environment, "AWS_BATCH_JOB_ATTEMPT": "-1"})


def test_the_claim_does_not_show(tmp_path: Path) -> None:
    """Not even when the configuration is printed."""
    configuration = read_configuration(
        {
            "BATTLESHIPER_CLAIM_URL": "http://x",
            "BATTLESHIPER_CLAIM": "very-secret",
            "BATTLESHIPER_WORK_DIR": str(tmp_path),
            "BATTLESHIPER_CACHE_DIR": str(tmp_path / "cache"),
        }
    )
    assert configuration.claim == "very-secret"
    assert "very-secret" not in repr(configuration)
    assert not configuration.is_unsafe
