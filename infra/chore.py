"""What has to be done now and then, whoever keeps the time: a thread on one machine, a schedule on AWS."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Chore:
    """Something that is done again and again, and may be cut off anywhere."""

    name: str
    do: Callable[[], object]
    every: int = 1
    """In how many rounds it is done once; a round takes a minute."""

    def attempt(self) -> bool:
        """Do it, and tell whether it was done. What it raises is logged, and holds up no other."""
        try:
            self.do()
        except Exception:
            _log.exception("%s failed; it is tried again", self.name)
            return False
        return True
