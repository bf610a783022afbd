"""The environment variables in a function's package."""

import io
import json
import zipfile

import pytest

from battleshiper.platform.model.function import FunctionFailedError
from battleshiper.platform.pipeline.function_environment import ENVIRONMENT_FILE, with_environment


def package(**files: str) -> bytes:
    """Return a package with an entry, and more files by their names."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name, text in {"index.mjs": "export {}", **files}.items():
            archive.writestr(name, text)
    return whole.getvalue()


def test_variables_are_in_the_package() -> None:
    """Beside its own files, the same bytes for the same variables; without any, it is as it was."""
    made = with_environment(package(), {"B": "two\n", "A": "ü"})
    assert made == with_environment(package(), {"A": "ü", "B": "two\n"})
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert json.loads(archive.read(ENVIRONMENT_FILE)) == {"A": "ü", "B": "two\n"}
        assert archive.read("index.mjs") == b"export {}"
    assert with_environment(b"anything", {}) == b"anything"


def test_a_package_with_variables_of_its_own_is_refused() -> None:
    """It would tell others than the project's."""
    with pytest.raises(FunctionFailedError, match="was refused"):
        with_environment(package(**{ENVIRONMENT_FILE: "{}"}), {"A": "1"})


def test_what_is_no_package_stays_none() -> None:
    """Publishing refuses what has no entry."""
    with zipfile.ZipFile(io.BytesIO(with_environment(b"no package", {"A": "1"}))) as archive:
        assert archive.namelist() == [ENVIRONMENT_FILE]
