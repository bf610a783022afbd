"""Where accounts, what belongs to them, and sessions are in the table; see `table.py`."""

from battleshiper.platform.store.dynamodb.table import Key, fit, shard_of

ACCESS_TOKEN_PREFIX = "ACCESS#"  # noqa: S105 - the beginning of a key
"""What the sort keys of an account's access tokens begin with."""


def account_key(account_id: int) -> Key:
    """Return where an account is."""
    return shard_of("ACCOUNTS", str(account_id)), str(account_id)


def account_partition(account_id: int) -> str:
    """Return the partition with what belongs to an account."""
    return f"ACCOUNT#{account_id}"


def access_token_key(account_id: int, token_id: str) -> Key:
    """Return where an access token is."""
    return account_partition(account_id), f"{ACCESS_TOKEN_PREFIX}{fit(token_id)}"


def user_tokens_key(account_id: int) -> Key:
    """Return where an account's tokens for GitHub are."""
    return account_partition(account_id), "TOKENS"


def reach_key(account_id: int) -> Key:
    """Return where it says what an account may see on GitHub."""
    return account_partition(account_id), "REACH"


def audit_key(entry_id: str) -> Key:
    """Return where an entry of the audit log is."""
    return f"AUDIT#{fit(entry_id)}", "AUDIT"


def subscription_key(name: str) -> Key:
    """Return where a subscription is."""
    return shard_of("SUBSCRIPTIONS", name), fit(name)


def subscriber_key(account_id: int) -> Key:
    """Return where it says which subscription an account has."""
    return f"USAGE#{account_id}", "SUBSCRIPTION"


def usage_prefix(account_id: int, day: str) -> Key:
    """Return the partition with what an account uses, and what the sort keys of a day begin with."""
    return f"USAGE#{account_id}", f"DAY#{day}#"


def usage_key(account_id: int, day: str, limit: str) -> Key:
    """Return where it says how much of something was counted on a day."""
    partition, prefix = usage_prefix(account_id, day)
    return partition, prefix + limit


def counted_key(account_id: int, day: str, limit: str, key: str) -> Key:
    """Return where it says that something was counted."""
    return f"COUNTED#{account_id}", f"{day}#{limit}#{fit(key)}"


def held_prefix(account_id: int) -> Key:
    """Return the partition with what an account uses, and what the sort keys of the labels it holds begin with."""
    return f"USAGE#{account_id}", "ALIAS#"


def held_key(account_id: int, label: str) -> Key:
    """Return where it says that an account holds a label."""
    partition, prefix = held_prefix(account_id)
    return partition, prefix + fit(label)


def holdings_key(account_id: int) -> Key:
    """Return where it says how often an account came to hold something; of two at once, one is stale."""
    return f"USAGE#{account_id}", "HOLDINGS"


def session_key(session_id: str) -> Key:
    """Return where a session is."""
    return f"SESSION#{fit(session_id)}", "SESSION"
