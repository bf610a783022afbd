"""What GitHub lets the App do with a project's repository, whatever the order in which GitHub told of it.

Three things are told apart, each ordered by the time that GitHub says for it: installations, which of them was given a
repository, and the repository itself. Of two that were told for the same second the one that is heard later counts,
but for what is said beside each rule.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from battleshiper.platform.model.project import Access, Installation, Project, Standing


@dataclass(frozen=True, slots=True)
class Grant:
    """Whether an installation may see a repository."""

    repository_id: int
    installation_id: int
    is_given: bool
    told_at: int
    """Unix seconds as GitHub says it, 0 when unknown."""


@dataclass(frozen=True, slots=True)
class RepositoryFacts:
    """A repository as GitHub last told of it."""

    id: int
    full_name: str
    default_branch: str | None
    """None where GitHub did not say."""
    is_archived: bool
    is_deleted: bool
    told_at: int
    """Unix seconds as GitHub says it, 0 when unknown."""


def newer_installation(known: Installation | None, told: Installation) -> Installation:
    """Return which of the two says how the installation is. GitHub leaves the time as it was when it uninstalls the
    App, so of one second that counts most, and when it lifts a suspension, which counts more than that did."""
    if known is None:
        return told
    return told if _rank(told) >= _rank(known) else known


def newer_grant(known: Grant | None, told: Grant) -> Grant:
    """Return which of the two says how it is."""
    return told if known is None or told.told_at >= known.told_at else known


def newer_facts(known: RepositoryFacts | None, told: RepositoryFacts) -> RepositoryFacts:
    """Return how the repository is: of two of one second, the one that says that it is gone counts. A default branch
    that is not told is the one that was."""
    if known is None:
        return told
    older, newer = sorted((known, told), key=lambda facts: (facts.told_at, facts.is_deleted))
    return replace(newer, default_branch=newer.default_branch or older.default_branch)


def followed(
    project: Project,
    grants: Iterable[Grant],
    installations: Mapping[int, Installation],
    facts: RepositoryFacts | None,
) -> Project:
    """Return the project as what is known of its repository says it is: whose it is, what it is called, which branch is
    its production and whether it may be built. A project that nothing was told of is its installation's."""
    grant = _deciding(project, grants, installations)
    installation = installations.get(grant.installation_id)
    project = replace(project, installation_id=grant.installation_id)
    if installation is not None:
        project = replace(project, account_id=installation.account_id)
    if facts is not None:
        branch = facts.default_branch or project.production_branch
        project = replace(project, repository=facts.full_name, production_branch=branch)
    if project.settings.production_branch is not None:
        project = replace(project, production_branch=project.settings.production_branch)
    return replace(project, access=_access(grant, installation, facts))


def _deciding(project: Project, grants: Iterable[Grant], installations: Mapping[int, Installation]) -> Grant:
    """Return the grant that counts: the newest of those that hold, or the newest of all where none does."""
    own = Grant(project.repository_id, project.installation_id, is_given=True, told_at=0)
    known = list(({own.installation_id: own} | {grant.installation_id: grant for grant in grants}).values())
    holding = [grant for grant in known if grant.is_given and not _is_gone(installations.get(grant.installation_id))]
    return max(holding or known, key=lambda grant: (grant.told_at, grant.installation_id))


def _access(grant: Grant, installation: Installation | None, facts: RepositoryFacts | None) -> Access:
    if facts is not None and facts.is_deleted:
        return Access.DELETED
    if _is_gone(installation):
        return Access.UNINSTALLED
    if not grant.is_given:
        return Access.REMOVED
    if installation is not None and installation.standing is Standing.SUSPENDED:
        return Access.SUSPENDED
    return Access.ARCHIVED if facts is not None and facts.is_archived else Access.GRANTED


def _is_gone(installation: Installation | None) -> bool:
    return installation is not None and installation.standing is Standing.GONE


def _rank(installation: Installation) -> tuple[int, bool, bool]:
    standing = installation.standing
    return installation.told_at, standing is Standing.GONE, standing is Standing.ACTIVE
