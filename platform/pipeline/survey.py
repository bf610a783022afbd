"""A look at a repository before it is imported: where a site may lie in it, and what it probably is."""

from dataclasses import dataclass

from battleshiper.platform.model.guess import Guess, find_roots, guess_site
from battleshiper.platform.pipeline.operations import OperationRefusedError
from battleshiper.platform.source.port import Found, Source, SourceError


@dataclass(frozen=True, slots=True)
class Outlook:
    """What there is to see at the head of the default branch."""

    default_branch: str
    roots: list[str]
    """Folders in which a site may lie; the top is the empty one."""
    root: str
    """The folder that was looked at."""
    guess: Guess | None
    """None where nothing in that folder looks like a site."""
    is_empty: bool = False
    """True where nothing was pushed yet."""


class Survey:
    """Asks GitHub, three times at most."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def look(self, found: Found, root: str | None = None) -> Outlook:
        """Look at a folder of a repository, or at the first in which a site may lie. Raises OperationRefusedError when
        GitHub does not tell."""
        try:
            return self._look(found, root)
        except SourceError as error:
            raise OperationRefusedError(str(error)) from error

    def _look(self, found: Found, root: str | None) -> Outlook:
        repository = self._source.repository(found.installation_id, found.id)
        if repository.head is None:
            return Outlook(repository.default_branch, [], root or "", None, is_empty=True)
        place = (found.installation_id, found.id, found.full_name, repository.head.sha)
        paths = set(self._source.files(*place))
        roots = find_roots(paths)
        chosen = (roots[0] if roots else "") if root is None else root
        package = f"{chosen}/package.json".lstrip("/")
        text = self._source.text(*place, package) if package in paths else None
        return Outlook(repository.default_branch, roots, chosen, guess_site(paths, chosen, text))
