"""What is read of payloads: small models of our own."""

from collections.abc import Callable
from dataclasses import dataclass

from battleshiper.platform.model.project import Installation, Standing
from battleshiper.webhooks.fields import Fields
from battleshiper.webhooks.refusal import MalformedError

SHA = "[0-9a-f]{40}|[0-9a-f]{64}"
"""What a commit's id looks like."""
_MAX_NAME = 255


@dataclass(frozen=True, slots=True)
class Account:
    """A user, an organisation or an enterprise."""

    id: int
    login: str

    @staticmethod
    def read(fields: Fields) -> "Account":
        """Enterprises have a slug instead of a login."""
        name = "slug" if fields.value("login") is None else "login"
        return Account(fields.github_id(), fields.text(name, longest=_MAX_NAME))


@dataclass(frozen=True, slots=True)
class Sender:
    """Who set the event off."""

    id: int

    @staticmethod
    def read(fields: Fields) -> "Sender":
        return Sender(fields.github_id())


@dataclass(frozen=True, slots=True)
class InstalledApp:
    """The installation that an event is about."""

    id: int
    account: Account
    is_suspended: bool
    told_at: int
    """When it last changed, in Unix seconds; 0 when GitHub does not say."""

    @staticmethod
    def read(fields: Fields) -> "InstalledApp":
        suspended_at = fields.second("suspended_at")
        return InstalledApp(
            fields.github_id(),
            fields.part("account", Account.read),
            suspended_at > 0,
            max(fields.second("updated_at"), suspended_at),
        )

    @property
    def installation(self) -> Installation:
        """What is kept of it."""
        standing = Standing.SUSPENDED if self.is_suspended else Standing.ACTIVE
        return Installation(self.id, self.account.id, self.account.login, standing, self.told_at)


@dataclass(frozen=True, slots=True)
class NamedRepository:
    """A repository in a list."""

    id: int
    full_name: str

    @staticmethod
    def read(fields: Fields) -> "NamedRepository":
        return NamedRepository(fields.github_id(), repository_name(fields))


@dataclass(frozen=True, slots=True)
class Unused:
    """The payload of an event that nothing is done on, whatever it looks like."""

    action: str | None
    """None where there is none that can be recorded."""
    repository: str | None
    """The repository's `owner/name`, None where there is none that can be recorded."""

    @staticmethod
    def read(fields: Fields) -> "Unused":
        return Unused(
            _if_readable(lambda: fields.text("action", pattern="[a-z_]{1,64}")),
            _if_readable(lambda: fields.part("repository", repository_name)),
        )


def repository_name(fields: Fields) -> str:
    """Return the `owner/name` of the repository that an object is about."""
    return fields.text("full_name", longest=_MAX_NAME, pattern="[^/]+/[^/]+")


def _if_readable(read: Callable[[], str]) -> str | None:
    try:
        return read()
    except MalformedError:
        return None
