"""How a client of DynamoDB is to behave: who waits for a store waits for a push's answer, and not for minutes."""

from battleshiper.platform.aws.patience import Patience

PATIENCE = Patience(connect_seconds=2, read_seconds=5, attempts=6)
"""The pauses take seven seconds on average in all."""
