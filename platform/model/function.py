"""Functions as the edge and the platform both see them."""


class FunctionFailedError(Exception):
    """A published function does not start or does not answer; the message carries its last words."""
