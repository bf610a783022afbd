"""A source for tests: repositories in a dictionary."""

from battleshiper.platform.source.port import BranchMove, Found, Head, Repository, SourceError


class FakeSource:
    """Answers from `repositories`, `branches`, `texts` and `moved`; while `down` is set, nothing answers."""

    def __init__(self) -> None:
        self.repositories: dict[int, Repository] = {}
        self.branches: dict[str, Head] = {}
        self.texts: dict[str, str] = {}
        self.moved: list[BranchMove] = []
        self.tokens: list[tuple[int, int]] = []
        self.down = False

    def find(self, full_name: str) -> Found | None:
        """Return the repository of this name, as installation 1 of account 2 sees it; raises SourceError."""
        if self.down:
            raise SourceError("GitHub does not answer.", temporary=True)
        ids = (id_ for id_, repository in self.repositories.items() if repository.full_name == full_name)
        return next((Found(id_, full_name, 1, 2) for id_ in ids), None)

    def repository(self, installation_id: int, repository_id: int) -> Repository:
        """Return a repository; raises SourceError."""
        self._check(repository_id)
        return self.repositories[repository_id]

    def moves(self, installation_id: int, repository_id: int) -> list[BranchMove]:
        """Return all moves; raises SourceError."""
        self._check(repository_id)
        return self.moved

    def head(self, installation_id: int, repository_id: int, full_name: str, branch: str) -> Head | None:
        """Return a branch's head; raises SourceError."""
        self._check(repository_id)
        return self.branches.get(branch)

    def files(self, installation_id: int, repository_id: int, full_name: str, sha: str) -> list[str]:
        """Return the paths of `texts`; raises SourceError."""
        self._check(repository_id)
        return list(self.texts)

    def text(self, installation_id: int, repository_id: int, full_name: str, sha: str, path: str) -> str | None:
        """Return one of `texts`; raises SourceError."""
        self._check(repository_id)
        return self.texts.get(path)

    def token(self, installation_id: int, repository_id: int) -> str:
        """Return a token that says what it is for; raises SourceError."""
        self._check(repository_id)
        self.tokens.append((installation_id, repository_id))
        return f"token-{installation_id}-{repository_id}"

    def clone_url(self, full_name: str) -> str:
        """Return an address."""
        return f"https://github.example/{full_name}.git"

    def _check(self, repository_id: int) -> None:
        if self.down:
            raise SourceError("GitHub does not answer.", temporary=True)
        if repository_id not in self.repositories:
            raise SourceError("There is no such repository.", temporary=False)
