"""Reading battleshiper.toml."""

import contextlib
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battleshiper.build_runner.detection.settings import Settings, parse_settings
from battleshiper.build_runner.failure import BuildError
from battleshiper.platform.model.result import FailureCode


def test_all_keys_are_read() -> None:
    """A file with everything in it; slashes around folders do not matter."""
    text = b"""
    root_directory = "./apps/web/"
    install_command = ""
    build_command = "make site"
    output_directory = "public"
    node_version = ">=22.12"
    spa_fallback = "index.html"
    paths = ["apps/web/", "./packages", "!**/*.md"]
    ignore = "git diff --quiet"
    """
    assert parse_settings(text) == Settings(
        root_directory="apps/web",
        install_command="",
        build_command="make site",
        output_directory="public",
        node_version=">=22.12",
        spa_fallback="index.html",
        paths=["apps/web", "packages", "!**/*.md"],
        ignore="git diff --quiet",
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("build_command = 'x'\noutput = 'dist'", "line 2: unknown key 'output'; the keys are install_command,"),
        ("\n\nbuild_command = x", "line 3: "),
        ("# hi\nbuild_command = 3", "line 2: build_command must be text in quotes"),
        ("\noutput_directory = '../../etc'", "line 2: output_directory must be a path inside the repository"),
        ("output_directory = '/etc'", "line 1: output_directory must be a path inside"),
        ("node_version = 'newest'", "line 1: node_version must be a version such as '24'"),
        ("node_version = 24", "line 1: node_version must be text in quotes"),
        ("# one\n[build]\ncommand = 'x'", "line 2: unknown key 'build'"),
        ("\npaths = 'apps'", "line 2: paths must be a list of texts in quotes, such as ['apps/web', 'packages']"),
        ("paths = {a = 1}", "line 1: paths must be a list of texts in quotes"),
        ("\n\npaths = ['a', 3]", "line 3: each of paths must be text in quotes"),
        ("paths = [['a']]", "line 1: each of paths must be text in quotes"),
        ("paths = []", "line 1: paths must not be empty"),
        (f"paths = {['a'] * 101}", "line 1: paths may have at most 100 entries"),
        ("paths = ['/etc']", "line 1: paths '/etc' must name files of the repository, such as 'apps/web'"),
        (f"paths = ['{'x' * 5000}']", f"line 1: paths '{'x' * 40}…' must name files"),
        ("ignore = true", "line 1: ignore must be text in quotes"),
        ("ignore = ['exit 0']", "line 1: ignore must be text in quotes"),
        ('build_command = "a\\u0000b"', "line 1: build_command has a NUL character"),
        ("a = " + "[" * 5000, "line 1: "),
    ],
)
def test_a_fault_names_line_and_reason(text: str, expected: str) -> None:
    """What is wrong can be found and mended from the message."""
    with pytest.raises(BuildError) as caught:
        parse_settings(text.encode())
    assert caught.value.code is FailureCode.SETTINGS
    assert expected in caught.value.message


def test_broken_text_names_its_line() -> None:
    """A file that is not UTF-8 is a fault like any other."""
    with pytest.raises(BuildError, match="line 2: is not UTF-8"):
        parse_settings(b"# a\nbuild_command = '\xff'")


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
)


@given(st.sampled_from(list(Settings.model_fields)), _values)
def test_no_value_breaks_the_reader(key: str, value: object) -> None:
    """Any value of any key is taken or a fault that names the file's line and the key."""
    text = f"# one\n{key} = {json.dumps(value).replace(': ', ' = ')}\n"
    try:
        parse_settings(text.encode())
    except BuildError as error:
        assert re.match("battleshiper.toml, line [23]: .", error.message)  # noqa: PT017 - being taken is as good


@given(st.one_of(st.binary(max_size=80), st.text(alphabet="abn_='\"[]{}.\n 1,#\\", max_size=60).map(str.encode)))
def test_no_file_breaks_the_reader(data: bytes) -> None:
    """Any bytes are settings or a fault with a reason."""
    with contextlib.suppress(BuildError):
        parse_settings(data)
