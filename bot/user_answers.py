"""What we read in GitHub's answers to those who sign in."""

from pydantic import BaseModel, Field

from battleshiper.platform.model.reach import Permission


class TokenAnswer(BaseModel):
    """A user's tokens. Without an expiry they are good until they are revoked."""

    access_token: str = Field(min_length=1, repr=False)
    refresh_token: str = Field(default="", repr=False)
    expires_in: int | None = None


class DeviceAnswer(BaseModel):
    """The codes of a program that has no browser."""

    device_code: str
    user_code: str
    verification_uri: str
    interval: int = 5
    expires_in: int = 900


class UserAnswer(BaseModel):
    """Whose a token is."""

    id: int
    login: str
    name: str | None = None
    avatar_url: str | None = None


class InstallationAnswer(BaseModel):
    """An installation that a user may see."""

    id: int
    suspended_at: str | None = None


class InstallationsAnswer(BaseModel):
    """A page of installations."""

    installations: list[InstallationAnswer]


class PermissionsAnswer(BaseModel):
    """What a user may do in a repository, each of it by itself."""

    admin: bool = False
    push: bool = False

    @property
    def highest(self) -> Permission:
        """The most that they may do."""
        if self.admin:
            return Permission.ADMIN
        return Permission.WRITE if self.push else Permission.READ


class ReachableAnswer(BaseModel):
    """A repository that a user and the App may see."""

    id: int
    full_name: str = ""
    permissions: PermissionsAnswer = PermissionsAnswer()


class RepositoriesAnswer(BaseModel):
    """A page of repositories."""

    repositories: list[ReachableAnswer]
