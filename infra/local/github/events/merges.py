"""Merges: how a pull request gets into its base."""

from battleshiper.infra.local.github.events.pulls import PullRefusedError
from battleshiper.infra.local.github.events.pushes import Pushes
from battleshiper.infra.local.github.git.merging import merge
from battleshiper.infra.local.github.records.accounts import Account
from battleshiper.infra.local.github.records.pulls import Pull
from battleshiper.infra.local.github.records.repositories import Repositories, Repository


class Merges:
    """Merges pull requests, as the button does."""

    def __init__(self, repositories: Repositories, pushes: Pushes) -> None:
        self._repositories = repositories
        self._pushes = pushes

    def merge(self, repository: Repository, pull: Pull, by: Account) -> str:
        """Merge an open pull request, which is a push to its base; return the merge commit.

        Raises PullRefusedError for one that is closed, MergeConflictError, and GitError when the base moved meanwhile.
        """
        base = self._repositories.branches(repository).get(pull.base)
        if pull.state != "open" or base is None:
            raise PullRefusedError("a pull request that is closed cannot be merged", "state")
        message = f"Merge pull request #{pull.number} from {pull.label.replace(':', '/', 1)}\n\n{pull.title}"
        author = (by.login, f"{by.login}@users.noreply.github.invalid")
        sha = merge(repository.folder, pull.base, base, pull.head_sha, message, author)
        self._pushes.settle(repository, by, is_merge=True)
        return sha
