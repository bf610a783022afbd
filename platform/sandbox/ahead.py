"""The network of the next sandbox, made while something else goes on."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock

from battleshiper.platform.sandbox.network import Network

_FRESH_SECONDS = 60.0
"""What a network must not reach is told when it is made: an old one knows nothing of the machine's newer addresses."""


class NetworkAhead:
    """Hands out networks that `make` makes, each to one taker. `clock` tells seconds."""

    def __init__(self, make: Callable[[], Network], clock: Callable[[], float] = time.monotonic) -> None:
        self._make = make
        self._clock = clock
        self._maker = ThreadPoolExecutor(1, "network")
        self._lock = Lock()
        self._expected: tuple[Future[Network], float] | None = None

    def expect(self) -> None:
        """Begin to make the next network, unless that was done."""
        with self._lock:
            if self._expected is None:
                self._expected = self._maker.submit(self._make), self._clock()

    def take(self) -> Network:
        """Return the expected network, else a new one; raises SandboxError."""
        with self._lock:
            expected, self._expected = self._expected, None
        if expected is None:
            return self._make()
        future, begun = expected
        network = future.result()
        if self._clock() - begun <= _FRESH_SECONDS:
            return network
        network.close()
        return self._make()
