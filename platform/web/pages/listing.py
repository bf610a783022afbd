"""The list of a project's deployments: filtered, and a page at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from battleshiper.platform.model.deployment import Deployment, Environment, State
from battleshiper.platform.store.port import Deployments
from battleshiper.platform.web.parameters import number_of, word_of

PAGE = 20
_FIRST_LOOK = 60
_MOST = 4000
"""So many of the newest are looked through."""
_LONGEST_BRANCH = 255
_LONGEST_NUMBER = 9


@dataclass(frozen=True, slots=True)
class Choice:
    """Which deployments are wanted; what is not said is not asked for."""

    branch: str = ""
    environment: Environment | None = None
    state: State | None = None
    before: int | None = None
    """Only those with a lower number."""

    @property
    def is_filter(self) -> bool:
        """Tell whether some may be left out but for their age."""
        return bool(self.branch or self.environment or self.state)

    def takes(self, deployment: Deployment) -> bool:
        """Tell whether a deployment is wanted."""
        return (
            self.branch in ("", deployment.commit.branch)
            and self.environment in (None, deployment.environment)
            and self.state in (None, deployment.state)
            and (self.before is None or deployment.number < self.before)
        )

    def query(self, before: int | None = None) -> str:
        """Return the part of an address that asks for the same, from another place on."""
        said = {"branch": self.branch, "environment": self.environment, "state": self.state, "before": before}
        return urlencode({name: str(value) for name, value in said.items() if value})


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of deployments, newest first."""

    deployments: tuple[Deployment, ...]
    older: int | None
    """What to ask for those before, None where there are none."""
    is_cut: bool
    """There are older ones that were not looked at."""
    is_part: bool
    """Some are left out, for any reason."""


def read_choice(query: Mapping[str, str]) -> Choice:
    """Return what is asked for. What makes no sense is not asked for."""
    return Choice(
        query.get("branch", "").strip()[:_LONGEST_BRANCH],
        word_of(Environment, query.get("environment", "")),
        word_of(State, query.get("state", "")),
        number_of(query.get("before", ""), _LONGEST_NUMBER),
    )


def list_deployments(store: Deployments, project_id: str, choice: Choice) -> Listing:
    """Return the page that is asked for."""
    limit = _FIRST_LOOK
    while True:
        found = store.deployments(project_id, branch=choice.branch or None, limit=limit)
        wanted = [deployment for deployment in found if choice.takes(deployment)]
        is_all = len(found) < limit
        if is_all or len(wanted) > PAGE or limit >= _MOST:
            break
        limit = min(_MOST, 4 * limit)
    shown = tuple(wanted[:PAGE])
    older = shown[-1].number if len(wanted) > PAGE else None
    is_part = not is_all or len(shown) < len(found) or bool(choice.branch)
    return Listing(shown, older, is_cut=older is None and not is_all, is_part=is_part)
