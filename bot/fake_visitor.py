"""A GitHub in memory that gives Apps for codes, for tests."""

from battleshiper.bot.github import GitHubError
from battleshiper.bot.visitor import CodeSpentError, NewApp, OwnerAnswer


class FakeVisitor:
    """Takes each code that it knows once."""

    def __init__(self, *codes: str) -> None:
        self.codes = set(codes)
        self.asked: list[str] = []
        self.error: GitHubError | None = None
        """Raised instead of an answer."""
        self.app_id = 7
        self.webhook_secret: str | None = "webhook's"  # noqa: S105 - opens nothing

    def exchange(self, code: str) -> NewApp:
        """Return the App."""
        self.asked.append(code)
        if self.error is not None:
            raise self.error
        if code not in self.codes:
            raise CodeSpentError(404)
        self.codes.remove(code)
        return NewApp(
            id=self.app_id,
            slug="ship",
            name="Ship",
            html_url="https://github.example/apps/ship",
            owner=OwnerAnswer(login="me"),
            client_id="Iv1",
            client_secret="client's",  # noqa: S106 - opens nothing
            webhook_secret=self.webhook_secret,
            pem="key",
        )
