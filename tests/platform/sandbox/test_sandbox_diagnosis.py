"""What an operator is told when no sandbox can be had."""

from pathlib import Path

import pytest

from battleshiper.platform.sandbox.diagnosis import find_problems


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the only folder on the search path, with stand-ins for all programs but bubblewrap."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    for name in ("prlimit", "setpriv", "nsenter"):
        put(folder, name, "exit 0")
    return folder


def put(folder: Path, name: str, script: str) -> None:
    """Write a program."""
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def refuse(folder: Path) -> None:
    """Put a bubblewrap that is not allowed to do its work."""
    put(folder, "bwrap", "echo 'bwrap: setting up uid map: Permission denied' >&2; exit 1")


def setting(tmp_path: Path, name: str, value: str) -> Path:
    """Make a settings folder with one setting."""
    path = tmp_path / "sys" / name.replace(".", "/")
    path.parent.mkdir(parents=True)
    path.write_text(f"{value}\n")
    return tmp_path / "sys"


def test_a_working_sandbox_has_no_problems(programs: Path, tmp_path: Path) -> None:
    """Nothing is said where a trial works."""
    put(programs, "bwrap", "exit 0")
    assert list(find_problems(is_root=False, settings=tmp_path)) == []


def test_a_missing_program_is_named_with_its_package(programs: Path, tmp_path: Path) -> None:
    """One sentence with what to type."""
    assert "apt-get install bubblewrap" in " ".join(find_problems(is_root=True, settings=tmp_path))
    put(programs, "bwrap", "exit 0")
    (programs / "setpriv").unlink()
    assert "apt-get install util-linux" in " ".join(find_problems(is_root=True, settings=tmp_path))


@pytest.mark.parametrize(
    ("name", "value", "command"),
    [
        ("kernel.apparmor_restrict_unprivileged_userns", "1", "kernel.apparmor_restrict_unprivileged_userns=0"),
        ("kernel.unprivileged_userns_clone", "0", "kernel.unprivileged_userns_clone=1"),
        ("user.max_user_namespaces", "0", "user.max_user_namespaces=15000"),
    ],
)
def test_a_forbidding_setting_is_named_with_the_command_to_change_it(
    programs: Path, tmp_path: Path, name: str, value: str, command: str
) -> None:
    """Ubuntu, older Debian and hardened machines each forbid user namespaces their own way."""
    refuse(programs)
    (problem,) = find_problems(is_root=False, settings=setting(tmp_path, name, value))
    assert f"sudo sysctl -w {command}" in problem
    assert "Permission denied" in problem


def test_without_a_known_cause_bubblewrap_s_own_words_are_passed_on(programs: Path, tmp_path: Path) -> None:
    """A container, for root; something unknown, for others."""
    refuse(programs)
    assert "--privileged" in " ".join(find_problems(is_root=True, settings=tmp_path))
    (problem,) = find_problems(is_root=False, settings=setting(tmp_path, "user.max_user_namespaces", "5000"))
    assert "Permission denied" in problem
    assert "sysctl" not in problem
