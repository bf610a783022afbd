"""What GitHub answers about the App itself (https://docs.github.com/en/rest/apps)."""

from collections.abc import Mapping, Sequence

from pydantic import AwareDatetime, BaseModel


class AccountAnswer(BaseModel):
    """An account."""

    id: int = 0
    login: str = ""
    type: str = "User"


class AppAnswer(BaseModel):
    """The App as it sees itself."""

    id: int
    slug: str = ""
    name: str
    html_url: str
    owner: AccountAnswer | None = None
    permissions: Mapping[str, str] = {}
    events: Sequence[str] = ()

    @property
    def owner_login(self) -> str:
        """Whose it is."""
        return self.owner.login if self.owner else ""

    @property
    def is_of_organization(self) -> bool:
        """Organisations have their settings elsewhere."""
        return self.owner is not None and self.owner.type == "Organization"


class InstallationAnswer(BaseModel):
    """One installation of the App."""

    id: int
    html_url: str = ""
    account: AccountAnswer | None = None
    permissions: Mapping[str, str] = {}
    events: Sequence[str] = ()
    suspended_at: AwareDatetime | None = None

    @property
    def login(self) -> str:
        """On whose account it is."""
        return self.account.login if self.account else str(self.id)


class HookAnswer(BaseModel):
    """How the App's webhook is set up."""

    url: str = ""
    insecure_ssl: str | float = "0"
    secret: str | None = None


class HookDeliveryAnswer(BaseModel):
    """An attempt to deliver."""

    event: str = ""
    delivered_at: AwareDatetime
    status: str = ""
    status_code: int = 0
