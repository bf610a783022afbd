"""How a client of DynamoDB is to behave: who waits for a store waits for a push's answer, and not for minutes."""

from botocore.config import Config

CONFIG = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "max_attempts": 5})
"""Failed and throttled calls are tried again with pauses that double and differ, seven seconds on average in all.
Source: AWS SDKs and Tools Reference Guide, "Retry behavior", mode `standard`."""
