"""Under which names the ticket keys are kept among the secrets. Who only wants a name loads no cryptography."""

KEYS_SECRET = "ticket-keys"  # noqa: S105 - a name
"""All of them, for those who sign."""
PUBLIC_KEYS_SECRET = "ticket-public-keys"  # noqa: S105 - a name
"""What those need who verify and may not sign."""
