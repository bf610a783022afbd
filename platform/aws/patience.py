"""How long a client of AWS waits, and how often it tries."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """For one call. Failed and throttled attempts are followed by others, with pauses that double and differ. Source:
    AWS SDKs and Tools Reference Guide, "Retry behavior", mode `standard`."""

    connect_seconds: float = 3
    read_seconds: float = 20
    attempts: int = 6
