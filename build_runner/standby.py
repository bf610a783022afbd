"""Waiting for work: a runner that was started ahead, because its start is slow, is told later what to build.

Its standard input is a unix socket to the builder, which keeps the limits of messages (SOCK_SEQPACKET). The builder
sends one message, what is missing in the environment as JSON, and with it a descriptor for the log. It gets one back:
the exit status in digits, as soon as the result is uploaded.
"""

import json
import os
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress

_ORDER_BYTES = 64 * 1024


class Standby:
    """The runner's end of the socket. Takes standard input away from this process, and so from all that it starts."""

    def __init__(self) -> None:
        standard_input = sys.stdin.fileno()
        self._builder = socket.socket(fileno=os.dup(standard_input))
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, standard_input)
        os.close(nothing)

    def wait(self) -> Mapping[str, str] | None:
        """Wait for the order and return it, with standard output and error gone to the log; None when the builder has
        ended without one."""
        message, descriptors, _, _ = socket.recv_fds(self._builder, _ORDER_BYTES, 1)
        if not message:
            return None
        for log in descriptors:
            os.dup2(log, sys.stdout.fileno())
            os.dup2(log, sys.stderr.fileno())
            os.close(log)
        order: dict[str, str] = json.loads(message)
        return order

    def tell(self, status: int) -> None:
        """Say how the build ended: its result is there, whatever this process still does."""
        with suppress(BrokenPipeError, ConnectionResetError):  # nobody waits any more
            self._builder.send(str(status).encode())
