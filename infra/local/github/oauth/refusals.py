"""Refusals, in OAuth's and GitHub's words.

https://docs.github.com/en/apps/oauth-apps/maintaining-oauth-apps/troubleshooting-oauth-app-access-token-request-errors
"""

from collections.abc import Mapping

_DESCRIPTIONS: Mapping[str, str] = {
    "access_denied": "The authorization request was denied.",
    "authorization_pending": "The authorization request is still pending.",
    "bad_refresh_token": "The refresh token passed is incorrect or expired.",
    "bad_verification_code": "The code passed is incorrect or expired.",
    "expired_token": "The device code has expired.",
    "incorrect_client_credentials": "The client_id and/or client_secret passed are incorrect.",
    "incorrect_device_code": "The device_code provided is not valid.",
    "redirect_uri_mismatch": "The redirect_uri MUST match the registered callback URL for this application.",
    "slow_down": "Too many requests have been made in the same timeframe.",
    "unsupported_grant_type": "The grant_type is not one that is supported.",
}


class GrantRefusedError(Exception):
    """There is no token, or not yet. `interval` is how many seconds a device is to wait from now on."""

    def __init__(self, error: str, interval: int | None = None) -> None:
        self.error = error
        self.interval = interval
        super().__init__(_DESCRIPTIONS[error])

    def body(self) -> dict[str, str | int]:
        """Return the body of the answer."""
        shown: dict[str, str | int] = {"error": self.error, "error_description": str(self)}
        return shown if self.interval is None else {**shown, "interval": self.interval}
