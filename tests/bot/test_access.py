"""Tokens that are kept."""

from datetime import UTC, datetime, timedelta

from battleshiper.bot.access import AsInstallation, Tokens

NOW = datetime(2026, 1, 1, tzinfo=UTC)
READ = AsInstallation(1, 2, (("contents", "read"),))
WRITE = AsInstallation(1, 2, (("statuses", "write"),))


def test_a_token_is_kept_until_a_minute_before_its_end() -> None:
    """A token never ends while a call is under way."""
    now = [NOW]
    tokens = Tokens(lambda: now[0])
    tokens.keep(READ, "t", NOW + timedelta(hours=1))
    now[0] = NOW + timedelta(minutes=58, seconds=59)
    assert tokens.get(READ) == "t"
    now[0] = NOW + timedelta(minutes=59)
    assert tokens.get(READ) is None


def test_a_token_is_for_its_access_only() -> None:
    """Other permissions, repositories and installations have tokens of their own."""
    tokens = Tokens(lambda: NOW)
    tokens.keep(READ, "t", NOW + timedelta(hours=1))
    others = [WRITE, AsInstallation(1, 3, READ.permissions), AsInstallation(9, 2, READ.permissions)]
    assert [tokens.get(other) for other in others] == [None, None, None]


def test_a_dropped_token_is_gone() -> None:
    """Dropping tells whether there was something to drop."""
    tokens = Tokens(lambda: NOW)
    tokens.keep(READ, "t", NOW + timedelta(hours=1))
    assert (tokens.drop(READ), tokens.get(READ), tokens.drop(READ)) == (True, None, False)


def test_a_token_asks_for_what_it_needs() -> None:
    """The request names one repository and the permissions."""
    assert WRITE.token_request == {"repository_ids": [2], "permissions": {"statuses": "write"}}
