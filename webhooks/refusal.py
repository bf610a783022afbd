"""Refusals: why a request is not taken, with the HTTP status that says so."""


class RefusedError(Exception):
    """A request is not taken; the message tells its sender why and what to do."""

    status = 400


class SignatureRefusedError(RefusedError):
    """The request is not signed with our secret, so nothing in it was looked at."""

    status = 401


class SlowError(RefusedError):
    """The body did not arrive in time."""

    status = 408


class TooLargeError(RefusedError):
    """The body is larger than GitHub ever sends."""

    status = 413


class UnreadableError(RefusedError):
    """The body is of a type or an encoding that is not read here."""

    status = 415


class MalformedError(RefusedError):
    """A header or the payload is not what GitHub's documentation promises."""
