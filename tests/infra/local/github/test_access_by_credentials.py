"""Access: reading whatever a client sends as its credentials."""

from base64 import b64encode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battleshiper.infra.local.github.access import NOBODY, Access, CredentialsRefusedError, Kind, covers
from battleshiper.infra.local.github.credentials import AppCredentials
from battleshiper.infra.local.github.moment import read_clock
from battleshiper.infra.local.github.records.archive import Archive, open_archive
from battleshiper.infra.local.github.records.tokens import Tokens, TokenScope
from battleshiper.infra.local.github.settings import GitHubSettings

PERSONAL = "ghp_person"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, credentials: AppCredentials) -> Archive:
    """Return records that live as long as these tests."""
    return open_archive(make_settings(tmp_path_factory.mktemp("access"), credentials), read_clock)


@pytest.fixture(scope="module")
def tokens(archive: Archive) -> Tokens:
    """Return the installation's tokens."""
    return archive.tokens


@pytest.fixture(scope="module")
def access(archive: Archive, credentials: AppCredentials) -> Access:
    """Return what knows callers."""
    settings = make_settings(archive.folder, credentials)
    return Access(
        settings, archive.accounts, archive.registration, archive.tokens, archive.user_tokens, PERSONAL, read_clock
    )


def make_settings(folder: Path, credentials: AppCredentials) -> GitHubSettings:
    """Return settings of an App."""
    return GitHubSettings(
        folder, "http://127.0.0.1:1", 77, credentials.public_key, "secret", webhook_url="http://127.0.0.1:2/"
    )


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


def test_one_token_works_in_every_way_that_github_takes_it(access: Access, archive: Archive, tokens: Tokens) -> None:
    """As a bearer, as a `token`, and as git's password under any name."""
    repository = archive.repositories.prepare(archive.accounts.owner, "site", installed=True)
    token, _ = tokens.issue(TokenScope(frozenset({repository.id}), {"contents": "read"}))
    password = b64encode(f"x-access-token:{token}".encode()).decode()
    for header in (f"Bearer {token}", f"bearer {token}", f"token {token}", f"Basic {password}"):
        caller = access.identify(header)
        assert caller.kind is Kind.INSTALLATION
        assert caller.may(repository, "contents", "read")
        assert not caller.may(repository, "contents", "write")
        assert not caller.may(repository, "statuses", "read")
    assert access.identify(f"token {PERSONAL}").kind is Kind.PERSON


def test_people_have_tokens_of_their_own(access: Access, archive: Archive) -> None:
    """Each opens what its account was given, whatever the name is written like."""
    ada, token = archive.accounts.register("ada")
    assert archive.accounts.register("ADA")[0] == ada
    repository = archive.repositories.prepare(archive.accounts.owner, "shop", installed=True)
    caller = access.identify(f"Bearer {token}")
    assert (caller.kind, caller.account, caller.sees(repository)) == (Kind.PERSON, ada, False)
    archive.repositories.grant(repository, ada, "triage")
    granted = archive.repositories.reload(repository)
    levels = [caller.may(granted, name, "write") for name in ("pull_requests", "contents", "administration")]
    assert (caller.sees(granted), levels) == (True, [True, False, False])


def test_levels_include_those_below() -> None:
    """To write is to read, and nothing is granted by a level that does not exist."""
    assert covers("write", "read")
    assert not covers("read", "write")
    assert not covers(None, "read")
    assert not covers("all", "read")
