"""An account: somebody on GitHub who has signed in here."""

from dataclasses import dataclass
from datetime import datetime

from battleshiper.platform.model.role import Right, Role, rights_of


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is, as GitHub says. The id never changes hands; the login may."""

    id: int
    login: str
    name: str = ""
    avatar_url: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who has signed in, by GitHub's numeric id."""

    id: int
    login: str
    name: str
    avatar_url: str
    roles: frozenset[Role]
    epoch: int
    """Sessions of another epoch have ended."""
    created_at: datetime
    signed_in_at: datetime

    @property
    def signature(self) -> str:
        """Who it is for the audit log: what does not change hands, beside what people know."""
        return f"{self.login} ({self.id})"

    @property
    def rights(self) -> frozenset[Right]:
        """What the roles let them do."""
        return rights_of(self.roles)
