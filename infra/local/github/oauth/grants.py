"""Grants: what the App exchanges for a user access token.

https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app
"""

from collections.abc import Mapping

from battleshiper.infra.local.github.moment import Clock
from battleshiper.infra.local.github.oauth.proof import meets
from battleshiper.infra.local.github.oauth.refusals import GrantRefusedError
from battleshiper.infra.local.github.records.accounts import Account
from battleshiper.infra.local.github.records.archive import Archive
from battleshiper.infra.local.github.records.devices import PACE, Standing
from battleshiper.infra.local.github.records.digest import fits
from battleshiper.infra.local.github.records.user_tokens import Pair
from battleshiper.infra.local.github.settings import GitHubSettings

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"

Given = Mapping[str, str]
"""The fields of a request."""


class Grants:
    """Gives tokens. Every method raises GrantRefusedError."""

    def __init__(self, settings: GitHubSettings, archive: Archive, clock: Clock) -> None:
        self._settings = settings
        self._archive = archive
        self._clock = clock

    def exchange(self, given: Given) -> Pair:
        """Return fresh tokens for what is given."""
        match given.get("grant_type") or "authorization_code":
            case "authorization_code":
                return self._exchange_code(given)
            case "refresh_token":
                return self._refresh(given)
            case grant_type if grant_type == DEVICE_GRANT:
                return self._ask_for_device(given)
            case _:
                raise GrantRefusedError("unsupported_grant_type")

    def begin_device(self, given: Given) -> tuple[str, str]:
        """Return the code for a new device to hold, and the one for a person to enter."""
        self._expect_client(given)
        return self._archive.devices.begin()

    def _exchange_code(self, given: Given) -> Pair:
        self._expect_client(given, secretly=True)
        consent = self._archive.codes.spend(given.get("code", ""))
        if consent is None:
            raise GrantRefusedError("bad_verification_code")
        if given.get("redirect_uri", consent.redirect_uri) != consent.redirect_uri:
            raise GrantRefusedError("redirect_uri_mismatch")
        if not meets(consent.challenge, given.get("code_verifier", "")):
            raise GrantRefusedError("bad_verification_code")
        return self._archive.user_tokens.issue(consent.account, self._narrow(given, consent.account))

    def _refresh(self, given: Given) -> Pair:
        known = self._archive.user_tokens.find_refreshable(given.get("refresh_token", ""))
        # Devices have no secret to show.
        self._expect_client(given, secretly=known is None or not known.by_device)
        pair = self._archive.user_tokens.replace(known) if known else None
        if pair is None:
            raise GrantRefusedError("bad_refresh_token")
        return pair

    def _ask_for_device(self, given: Given) -> Pair:
        self._expect_client(given)
        code, now = given.get("device_code", ""), self._clock().timestamp()
        with self._archive.database.transaction():
            device = self._archive.devices.find(code)
            refusal = None
            if device is None:
                refusal = GrantRefusedError("incorrect_device_code")
            elif device.expires_at <= now:
                refusal = GrantRefusedError("expired_token")
            elif device.standing is Standing.DENIED:
                refusal = GrantRefusedError("access_denied")
            elif now - device.asked_at < device.pace:
                refusal = GrantRefusedError("slow_down", device.pace + PACE)
                self._archive.devices.asked(code, device.pace + PACE)
            elif device.standing is Standing.WAITING:
                refusal = GrantRefusedError("authorization_pending")
                self._archive.devices.asked(code, device.pace)
            else:
                self._archive.devices.forget(code)
                repository_id = self._narrow(given, device.account)
                return self._archive.user_tokens.issue(device.account, repository_id, by_device=True)
        raise refusal  # outside, so that what was noted is kept

    def _expect_client(self, given: Given, *, secretly: bool = False) -> None:
        known = bool(self._settings.app_id) and given.get("client_id") == self._settings.client_id
        if not known or (secretly and not fits(given.get("client_secret", ""), self._settings.client_secret_digest)):
            raise GrantRefusedError("incorrect_client_credentials")

    def _narrow(self, given: Given, account: Account) -> int | None:
        """Return the one repository that is wished for; a wish for what is out of reach is ignored."""
        text = given.get("repository_id", "")
        if not (text.isascii() and text.isdigit() and len(text) < 19):
            return None
        found = self._archive.repositories.get(int(text))
        return found.id if found and found.installed and found.grants(account, "read") else None
