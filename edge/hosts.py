"""Where functions answer, as the edge sees them."""

from pathlib import Path
from typing import Protocol


class FunctionHosts(Protocol):
    """Keeps functions running while they are asked."""

    async def socket(self, reference: str) -> Path:
        """Return the unix socket at which the function speaks HTTP, and start it first if need be.

        Raises `platform.model.function.FunctionFailedError`.
        """
        ...
