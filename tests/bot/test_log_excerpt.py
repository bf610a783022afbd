"""The end of a log as it is shown on GitHub."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battleshiper.bot.log_excerpt import MOST_LINES, excerpt, fence
from battleshiper.bot.masking import MASK, mask


def test_the_last_lines_that_say_something() -> None:
    """Empty lines, repeated ones and what a progress bar has written over are left out."""
    lines = ["begin", "", "  ", "10%\r50%\r100%", "same", "same", "\x1b[31merror\x1b[0m: no\x07 such file  "]
    assert excerpt(lines) == ["begin", "100%", "same", "error: no such file"]
    many = [f"line {number}" for number in range(100)]
    assert excerpt(many) == many[-MOST_LINES:]


def test_long_lines_are_cut() -> None:
    """A bundle in one line does not fill the page."""
    (line,) = excerpt(["ab " * 10_000])
    assert len(line) == 240
    assert line.endswith("…")


@pytest.mark.parametrize(
    "secret",
    [
        "ghs_" + "a1B2" * 9,
        "github_pat_" + "A1b2C3d4" * 6,
        "AKIAIOSFODNN7EXAMPLE",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTYifQ.c2lnbmF0dXJlLXNpZ24",
        "npm_" + "abcdef1234" * 4,
        "xoxb-1234567890-abcdefghij",
        "sk_live_" + "abcdef1234" * 2,
        "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj",
    ],
)
def test_secrets_are_masked(secret: str) -> None:
    """Wherever in a line they stand."""
    for line in (secret, f"using {secret}, then", f'"{secret}"', f"at={secret};"):
        masked = mask(line)
        assert secret not in masked
        assert MASK in masked


@pytest.mark.parametrize(
    ("line", "masked"),
    [
        ("GET https://me:hunter22@registry.example/pkg", "GET https://***@registry.example/pkg"),
        ("API_KEY=abcd1234", "API_KEY=***"),
        ("  password: 'correct horse'", "  password: '*** horse'"),
        ('{"access_token": "abcd1234"}', '{"access_token": "***"}'),
        ("-----BEGIN RSA PRIVATE KEY-----", "***"),
    ],
)
def test_what_is_called_a_secret_is_masked(line: str, masked: str) -> None:
    """By the name it is given."""
    assert mask(line) == masked


@pytest.mark.parametrize(
    "line",
    [
        "src/routes/+page.svelte:12:4 Expected token }",
        "added 212 packages in 3s",
        "https://kit.svelte.dev/@sveltejs/kit",
        "commit 0123456789abcdef0123456789abcdef01234567",
    ],
)
def test_what_is_no_secret_stays(line: str) -> None:
    """People must be able to read what went wrong."""
    assert mask(line) == line


@given(st.lists(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("`~\r\n<>|@#")))))
def test_nothing_ends_the_block(lines: list[str]) -> None:
    """The block of code ends where it should, and has no control characters in it."""
    shown = fence(excerpt(lines)).split("\n")
    ticks = shown[0].removesuffix("text")
    assert re.fullmatch("`{3,}", ticks)
    assert shown[-1] == ticks
    assert not any(re.match(rf"\s*{ticks}", line) for line in shown[1:-1])
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", "".join(shown))
