"""What the builder must tell the runner."""

from pathlib import Path

import pytest

from battleshiper.build_runner.configuration import SandboxKind, others, read_configuration, sandbox_kind
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


def test_what_is_for_the_runner_goes_no_further() -> None:
    """Neither the platform's words to it nor the container service's; how the network is reached does."""
    told = {"BATTLESHIPER_CLAIM": "c", "AWS_BATCH_JOB_ID": "j", "ECS_CONTAINER_METADATA_URI_V4": "u", "AWS_REGION": "r"}
    told |= {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/x", "HTTPS_PROXY": "p"}
    assert others(told) == {"AWS_REGION": "r", "HTTPS_PROXY": "p"}


def test_the_sandbox_is_chosen_by_name() -> None:
    """Bubblewrap unless told otherwise; an unknown name is no reason to go without."""
    assert sandbox_kind({}) is SandboxKind.BUBBLEWRAP
    assert sandbox_kind({"BATTLESHIPER_SANDBOX": "container"}) is SandboxKind.CONTAINER
    assert sandbox_kind({"BATTLESHIPER_UNSAFE_BUILDS": "1"}) is SandboxKind.NONE
    for name in ("none", "docker", ""):
        with pytest.raises(RunnerError, match="BATTLESHIPER_SANDBOX"):
            sandbox_kind({"BATTLESHIPER_SANDBOX": name})
