"""Secrets in files that nobody but their owner may read."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from fcntl import LOCK_EX, flock
from pathlib import Path
from secrets import token_hex

from battleshiper.platform.secrets.name import check_name
from battleshiper.platform.secrets.port import SecretChangedError, SecretsError

_OTHERS = 0o077


def secret_path(folder: Path, name: str) -> Path:
    """Return where `FileSecrets(folder)` keeps a secret; raises ValueError for what is no name."""
    check_name(name)
    return folder / name


class FileSecrets:
    """One file of mode 0600 for each secret, in a folder of mode 0700, which is made where there is none.

    What others may read is refused, because they may have read it.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _check_private(folder, "700")
        self._folder = folder

    def get(self, name: str) -> str | None:
        """Return the secret, None where there is none; raises SecretsError."""
        try:
            return _read(secret_path(self._folder, name))
        except FileNotFoundError:
            return None

    def get_or_create(self, name: str, create: Callable[[], str]) -> str:
        """Return the secret; where there is none, keep what `create` returns. Raises SecretsError."""
        path = secret_path(self._folder, name)
        with suppress(FileNotFoundError):
            return _read(path)
        written = self._write(create())
        try:
            # Unlike a rename, a link never replaces what another thread or process has put there meanwhile.
            with suppress(FileExistsError):
                os.link(written, path)
        finally:
            written.unlink()
        with self._open() as folder:
            os.fsync(folder)
        return _read(path)

    def replace(self, name: str, value: str, *, expected: str) -> None:
        """Keep a new value in place of `expected`, whole or not at all; raises SecretChangedError, SecretsError."""
        path = secret_path(self._folder, name)
        with self._open() as folder:
            # Of the folder, which stays: a lock of the file would be one of what is replaced.
            flock(folder, LOCK_EX)
            if self.get(name) != expected:
                raise SecretChangedError(name)
            self._write(value).replace(path)
            os.fsync(folder)

    def _write(self, value: str) -> Path:
        if not value:
            raise SecretsError("a secret must not be empty")
        path = self._folder / f".{token_hex(8)}"
        with os.fdopen(
            os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8", newline=""
        ) as file:
            file.write(value)
            file.flush()
            os.fsync(file.fileno())
        return path

    @contextmanager
    def _open(self) -> Iterator[int]:
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            yield folder
        finally:
            os.close(folder)


def _read(path: Path) -> str:
    _check_private(path, "600")
    with path.open(encoding="utf-8", newline="") as file:
        value = file.read()
    if not value:
        raise SecretsError(f"{path} is empty. Put the secret back, or remove the file to have a new one made.")
    return value


def _check_private(path: Path, mode: str) -> None:
    if path.stat().st_mode & _OTHERS:
        raise SecretsError(f"{path} may be read by others. If nobody has read it, type: chmod {mode} {path}")
