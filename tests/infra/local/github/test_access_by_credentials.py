"""Access: reading whatever a client sends as its credentials."""

from base64 import b64encode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battleshiper.infra.local.github.access import NOBODY, Access, CredentialsRefusedError, Kind, covers
from battleshiper.infra.local.github.credentials import AppCredentials
from battleshiper.infra.local.github.moment import read_clock
from battleshiper.infra.local.github.records.database import Database
from battleshiper.infra.local.github.records.tokens import Tokens, TokenScope
from battleshiper.infra.local.github.settings import GitHubSettings

PERSONAL = "ghp_person"


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Tokens:
    """Return tokens that live as long as these tests."""
    return Tokens(Database(tmp_path_factory.mktemp("access") / "github.db"), read_clock)


@pytest.fixture(scope="module")
def access(tokens: Tokens, credentials: AppCredentials) -> Access:
    """Return what knows callers."""
    base, hook = "http://127.0.0.1:1", "http://127.0.0.1:2/"
    settings = GitHubSettings(Path("/nowhere"), base, 77, credentials.public_key, "secret", hook)
    return Access(settings, tokens, PERSONAL, read_clock)


@given(
    st.text() | st.sampled_from(["Bearer", "token", "basic"]).flatmap(lambda word: st.text().map(f"{word} ".__add__))
)
def test_whatever_is_sent_is_refused_or_nobodys(access: Access, header: str) -> None:
    """No header crashes the reader, and none that was made up opens anything."""
    if header:
        with pytest.raises(CredentialsRefusedError):
            access.identify(header)
    else:
        assert access.identify(header) == NOBODY


@given(st.text())
def test_whatever_is_sent_as_a_password_is_refused(access: Access, text: str) -> None:
    """Neither half of it opens anything, well encoded or not."""
    for value in (b64encode(text.encode("utf-8", "surrogatepass")).decode(), text):
        with pytest.raises(CredentialsRefusedError):
            access.identify(f"Basic {value}")


def test_one_token_works_in_every_way_that_github_takes_it(access: Access, tokens: Tokens) -> None:
    """As a bearer, as a `token`, and as git's password under any name."""
    token, _ = tokens.issue(TokenScope(frozenset({1}), {"contents": "read"}))
    password = b64encode(f"x-access-token:{token}".encode()).decode()
    for header in (f"Bearer {token}", f"bearer {token}", f"token {token}", f"Basic {password}"):
        caller = access.identify(header)
        assert caller.kind is Kind.INSTALLATION
        assert caller.may("contents", "read")
        assert not caller.may("contents", "write")
        assert not caller.may("statuses", "read")
    assert access.identify(f"token {PERSONAL}").kind is Kind.PERSON


def test_levels_include_those_below() -> None:
    """To write is to read, and nothing is granted by a level that does not exist."""
    assert covers("write", "read")
    assert not covers("read", "write")
    assert not covers(None, "read")
    assert not covers("all", "read")
