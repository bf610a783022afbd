"""Secrets in files, beyond what all secrets keep to."""

import os
import subprocess
import sys

import pytest

from battleshiper.platform.secrets.files import FileSecrets, secret_path
from battleshiper.platform.secrets.port import SecretsError

ASK = """
import os, sys
from pathlib import Path
from battleshiper.platform.secrets.files import FileSecrets
secrets = FileSecrets(Path(sys.argv[1]))
sys.stdin.read(1)
print(secrets.get_or_create("key", lambda: str(os.getpid())))
"""


@pytest.fixture
def folder(tmp_path):
    """Where the secrets are."""
    return tmp_path / "secrets"


def names(folder) -> list[str]:
    """Return the names in a folder."""
    return sorted(path.name for path in folder.iterdir())


def mode(path) -> int:
    """Return who may do what with a file."""
    return path.stat().st_mode & 0o777


def test_nobody_else_may_read_them(folder):
    """Whatever the process lets others do with its other files."""
    before = os.umask(0)
    try:
        secrets = FileSecrets(folder)
        secrets.get_or_create("made", lambda: "x")
        secrets.get_or_create("replaced", lambda: "x")
        secrets.replace("replaced", "y", expected="x")
    finally:
        os.umask(before)
    assert mode(folder) == 0o700
    assert {name: mode(folder / name) for name in names(folder)} == {"made": 0o600, "replaced": 0o600}


@pytest.mark.parametrize("others", [0o640, 0o604, 0o620, 0o666])
def test_a_file_that_others_may_use_is_refused(folder, others):
    """The message says what to type."""
    secrets = FileSecrets(folder)
    secrets.get_or_create("key", lambda: "x")
    (folder / "key").chmod(others)
    with pytest.raises(SecretsError, match=f"chmod 600 {folder}/key"):
        secrets.get_or_create("key", lambda: "y")
    (folder / "key").chmod(0o600)
    assert secrets.get_or_create("key", lambda: "y") == "x"


def test_a_folder_that_others_may_use_is_refused(folder):
    """They could put a key of their own there."""
    folder.mkdir()
    folder.chmod(0o755)
    with pytest.raises(SecretsError, match=f"chmod 700 {folder}"):
        FileSecrets(folder)


def test_processes_that_ask_at_once_get_the_same(folder):
    """One of them made it."""
    arguments = [sys.executable, "-c", ASK, str(folder)]
    processes = [
        subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    answers = set()
    for process in processes:
        process.stdin.write("x")
        process.stdin.flush()
    for process in processes:
        answers.add(process.communicate()[0].strip())
    assert len(answers) == 1
    assert answers.pop() in {str(process.pid) for process in processes}
    assert names(folder) == ["key"]


def test_a_file_that_lost_its_secret_is_not_a_secret(folder):
    """An empty key would be worse than none; the message says what to do."""
    secrets = FileSecrets(folder)
    secrets.get_or_create("key", lambda: "x")
    (folder / "key").write_text("")
    with pytest.raises(SecretsError, match="remove the file"):
        secrets.get_or_create("key", lambda: "y")


def test_a_secret_can_be_read_at_its_path(folder):
    """By a program that has the right to."""
    FileSecrets(folder).get_or_create("operator-token", lambda: "x")
    assert secret_path(folder, "operator-token").read_text() == "x"
