"""A GitHub in memory where people sign in, for tests."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from battleshiper.platform.identity.port import DeviceCode, IdentityError, IdentityRefusedError, UserTokens
from battleshiper.platform.model.account import Identity
from battleshiper.platform.model.reach import Permission, ReachableRepository


class FakeIdentityProvider:
    """Takes each code once and gives the identity that stands behind it."""

    def __init__(self, codes: Mapping[str, Identity], expires_at: datetime | None = None) -> None:
        self.codes = dict(codes)
        self.expires_at = expires_at
        self.allowed: dict[int, dict[int, Permission]] = {}
        """What each account may do, by repository."""
        self.names: dict[int, str] = {}
        """What repositories are called, by id."""
        self.error: IdentityError | None = None
        """Raised instead of an answer."""
        self.verifiers: list[str] = []
        self.asked = 0
        """How often permissions were asked for."""
        self.revoked: list[str] = []
        self._owners: dict[str, Identity] = {}

    def authorize_url(self, state: str, challenge: str) -> str:
        """Return an address with both in it."""
        return f"https://github.example/login?state={state}&challenge={challenge}"

    def exchange(self, code: str, verifier: str) -> UserTokens:
        """Return the tokens for a code."""
        self._fail()
        self.verifiers.append(verifier)
        if code not in self.codes:
            raise IdentityRefusedError("GitHub does not know the code.")
        return self._give(self.codes.pop(code))

    def begin_device(self) -> DeviceCode:
        """Return codes, the same each time."""
        self._fail()
        return DeviceCode("device", "ABCD-1234", "https://github.example/login/device", 5, 900)

    def ask_for_device(self, code: str) -> UserTokens | None:
        """Return the tokens once there is a code `device`."""
        self._fail()
        if code != "device":
            raise IdentityRefusedError("GitHub does not know the code.")
        return self._give(self.codes.pop(code)) if code in self.codes else None

    def renew(self, refresh: str) -> UserTokens:
        """Return the tokens that follow."""
        self._fail()
        owner = self._owners.pop(refresh, None)
        if owner is None:
            raise IdentityRefusedError("GitHub does not know the refresh token.")
        if self.expires_at:
            self.expires_at += timedelta(hours=8)
        return self._give(owner)

    def identify(self, access: str) -> Identity:
        """Return whose token it is."""
        self._fail()
        return self._owner(access)

    def repositories(self, access: str) -> list[ReachableRepository]:
        """Return what the owner sees."""
        self._fail()
        self.asked += 1
        allowed = self.allowed.get(self._owner(access).id, {})
        return [ReachableRepository(id_, self.names.get(id_, f"me/{id_}"), may) for id_, may in allowed.items()]

    def revoke(self, access: str) -> None:
        """Take the token no more."""
        self._fail()
        self.revoked.append(access)
        self._owners.pop(access, None)

    def revoke_all(self) -> None:
        """Take no token any more, as when people revoke the App."""
        self._owners.clear()

    def _give(self, owner: Identity) -> UserTokens:
        number = len(self._owners) + len(self.revoked)
        tokens = UserTokens(f"access{number}", f"refresh{number}", self.expires_at)
        self._owners |= {tokens.access: owner, tokens.refresh: owner}
        return tokens

    def _owner(self, access: str) -> Identity:
        if access not in self._owners:
            raise IdentityRefusedError("GitHub does not take the token.")
        return self._owners[access]

    def _fail(self) -> None:
        if self.error is not None:
            raise self.error
