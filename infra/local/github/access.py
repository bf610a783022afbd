"""Access: who is asking, and what that opens."""

import secrets
from base64 import b64decode
from binascii import Error as Base64Error
from dataclasses import dataclass
from enum import StrEnum

import jwt

from battleshiper.infra.local.github.moment import Clock
from battleshiper.infra.local.github.records.accounts import Account, Accounts
from battleshiper.infra.local.github.records.digest import fits
from battleshiper.infra.local.github.records.registration import Registration
from battleshiper.infra.local.github.records.repositories import Repository
from battleshiper.infra.local.github.records.tokens import Tokens, TokenScope
from battleshiper.infra.local.github.records.user_tokens import UserToken, UserTokens
from battleshiper.infra.local.github.settings import GitHubSettings

_DRIFT = 60
"""Seconds by which an App's clock may be ahead when it says that it issued a token."""

_JWT_SECONDS = 600
"""https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app"""

_LEVELS = ("read", "write", "admin")


class Kind(StrEnum):
    """What kind of caller."""

    NOBODY = "nobody"
    PERSON = "person"
    APP = "app"
    INSTALLATION = "installation"
    USER = "user"
    """The App, which acts for a person."""
    CLIENT = "client"
    """The App, by its client id and secret."""


_BOUNDED = (Kind.INSTALLATION, Kind.USER)
_SOMEBODY = (Kind.PERSON, Kind.USER)


class CredentialsRefusedError(Exception):
    """The credentials are not good; the message and the status are GitHub's."""

    def __init__(self, message: str, status: int = 401) -> None:
        self.status = status
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is asking. `account` is the one that acts, if any; `scope` bounds a token that the App was given."""

    kind: Kind
    account: Account | None = None
    token: str = ""
    scope: TokenScope | None = None

    @property
    def actor(self) -> Account:
        """The account that acts; only where there is one."""
        assert self.account is not None  # noqa: S101 - nobody gets as far as to act
        return self.account

    def sees(self, repository: Repository) -> bool:
        """Tell whether the caller may know of the repository."""
        if self.kind in _BOUNDED and repository.private and not self._covers(repository):
            return False
        return self.kind is Kind.INSTALLATION or (self.kind in _SOMEBODY and repository.grants(self.actor, "read"))

    def may(self, repository: Repository, permission: str, level: str, *, others: bool = False) -> bool:
        """Tell whether the caller has `permission` at `level` or above in the repository; with `others`, over what
        other people wrote too."""
        if self.kind in _BOUNDED and not self._lets(repository, permission, level):
            return False
        role = "write" if others else _role(permission, level)
        return self.kind is Kind.INSTALLATION or (self.kind in _SOMEBODY and repository.grants(self.actor, role))

    def _lets(self, repository: Repository, permission: str, level: str) -> bool:
        if not self._covers(repository):
            return level == "read" and not repository.private
        return covers(self.scope.permissions.get(permission) if self.scope else None, level)

    def _covers(self, repository: Repository) -> bool:
        ids = self.scope.repository_ids if self.scope else frozenset()
        return repository.installed and (ids is None or repository.id in ids)


NOBODY = Caller(Kind.NOBODY)


def covers(granted: str | None, level: str) -> bool:
    """Tell whether a permission `granted` at some level covers `level`."""
    return granted in _LEVELS and _LEVELS.index(granted) >= _LEVELS.index(level)


def _role(permission: str, level: str) -> str:
    """Return the role that a person needs for what an App needs `permission` for. All who read may talk."""
    if level == "read" or permission in ("issues", "pull_requests"):
        return "read"
    return "admin" if permission == "administration" else "write"


class Access:
    """Knows callers by their credentials."""

    def __init__(
        self,
        settings: GitHubSettings,
        accounts: Accounts,
        registration: Registration,
        tokens: Tokens,
        user_tokens: UserTokens,
        personal_token: str,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._accounts = accounts
        self._registration = registration
        self._tokens = tokens
        self._user_tokens = user_tokens
        self._personal_token = personal_token
        self._clock = clock

    def identify(self, authorization: str | None) -> Caller:
        """Return the caller behind an `Authorization` header; raises CredentialsRefusedError."""
        if not authorization:
            return NOBODY
        scheme, _, value = authorization.strip().partition(" ")
        match scheme.lower():
            case "basic":
                name, password = _read_basic(value)
                return self._identify_client(name, password) or self.identify_token(password)
            case "bearer" | "token" if value.count(".") == 2 and not value.startswith("gh"):
                return self._identify_app(value.strip())
            case "bearer" | "token":
                return self.identify_token(value.strip())
            case _:
                raise CredentialsRefusedError("Bad credentials")

    def identify_token(self, token: str) -> Caller:
        """Return the caller behind a token that is no JWT; raises CredentialsRefusedError."""
        if secrets.compare_digest(token.encode("utf-8", "replace"), self._personal_token.encode()):
            return Caller(Kind.PERSON, self._accounts.owner, token)
        person = self._accounts.of_token(token)
        if person:
            return Caller(Kind.PERSON, person, token)
        user_token = self._user_tokens.find(token)
        if user_token:
            return Caller(Kind.USER, user_token.account, token, self._bound(user_token))
        scope = self._tokens.find(token)
        if scope is None:
            raise CredentialsRefusedError("Bad credentials")
        if self._registration.is_suspended:
            raise CredentialsRefusedError("This installation has been suspended", 403)
        return Caller(Kind.INSTALLATION, self._accounts.bot, token, scope)

    def _identify_client(self, name: str, password: str) -> Caller | None:
        known = bool(self._settings.app_id) and name == self._settings.client_id
        return Caller(Kind.CLIENT) if known and fits(password, self._settings.client_secret_digest) else None

    def _bound(self, user_token: UserToken) -> TokenScope:
        """A user's token opens what both the user and the App can; the App alone can do nothing while it is suspended,
        or not installed."""
        if not self._registration.is_installed or self._registration.is_suspended:
            return TokenScope(frozenset(), {})
        chosen = user_token.repository_id
        return TokenScope(None if chosen is None else frozenset({chosen}), self._settings.permissions)

    def _identify_app(self, token: str) -> Caller:
        if not self._settings.app_id:
            raise CredentialsRefusedError("'Issuer' claim ('iss') must be the App's id or client id")
        try:
            claims = jwt.decode(
                token,
                self._settings.app_public_key,
                algorithms=["RS256"],
                options={"verify_exp": False, "verify_iat": False, "verify_nbf": False, "verify_aud": False},
            )
        except jwt.InvalidTokenError as error:
            raise CredentialsRefusedError("A JSON web token could not be decoded") from error
        now, expires, issued = self._clock().timestamp(), _number(claims.get("exp")), _number(claims.get("iat"))
        if str(claims.get("iss")) not in (str(self._settings.app_id), self._settings.client_id):
            raise CredentialsRefusedError("'Issuer' claim ('iss') must be the App's id or client id")
        if expires is None or expires <= now:
            raise CredentialsRefusedError(
                "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the"
                " assertion expires"
            )
        if expires > now + _JWT_SECONDS:
            raise CredentialsRefusedError("'Expiration time' claim ('exp') is too far in the future")
        if issued is None or issued > now + _DRIFT:
            raise CredentialsRefusedError(
                "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued"
            )
        return Caller(Kind.APP, self._accounts.bot, token)


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _read_basic(value: str) -> tuple[str, str]:
    try:
        name, _, password = b64decode(value, validate=True).decode().partition(":")
    except (Base64Error, UnicodeDecodeError, ValueError) as error:
        raise CredentialsRefusedError("Bad credentials") from error
    return name, password
