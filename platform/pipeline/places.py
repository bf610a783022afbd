"""Where things lie: object keys of builds and manifests, and the addresses of sites."""

from dataclasses import dataclass

from battleshiper.platform.model.deployment import Deployment, Environment
from battleshiper.platform.model.hostname import branch_label, deployment_label, production_label
from battleshiper.platform.model.project import Project

BUILDS = "builds/"
"""Where all builds upload to."""


def build_prefix(project_id: str, deployment_id: str) -> str:
    """Return where a build uploads to."""
    return f"{BUILDS}{project_id}/{deployment_id}/"


def owner_of(key: str) -> tuple[str, str]:
    """Return the ids of the project and the deployment that a build's object, or prefix, belongs to."""
    _, project_id, deployment_id, _ = key.split("/", 3)
    return project_id, deployment_id


def site_prefix(project_id: str, deployment_id: str) -> str:
    """Return where a deployment's files are served from."""
    return f"sites/{project_id}/{deployment_id}/"


def project_prefixes(project_id: str) -> tuple[str, ...]:
    """Return where all objects of a project lie."""
    return (f"{BUILDS}{project_id}/", f"sites/{project_id}/", records_prefix(project_id))


def records_prefix(project_id: str) -> str:
    """Return where the records of a project's published deployments lie."""
    return f"records/{project_id}/"


def record_key(project_id: str, deployment_id: str) -> str:
    """Return where a deployment's `Publication` is kept."""
    return f"{records_prefix(project_id)}{deployment_id}.json"


@dataclass(frozen=True, slots=True)
class SiteAddresses:
    """How labels become addresses."""

    scheme: str
    domain: str
    port: int | None = None
    """None when it is the scheme's own."""

    def url(self, label: str) -> str:
        """Return the address of the site at `label`."""
        host = f"{label}.{self.domain}"
        return f"{self.scheme}://{host}:{self.port}" if self.port else f"{self.scheme}://{host}"


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels a deployment is published at."""

    own: str
    moving: tuple[str, ...]

    @property
    def of_branch(self) -> tuple[str, str]:
        """Those that it has because of its commit: its own and its branch's."""
        return self.own, self.moving[0]

    @property
    def primary(self) -> str:
        """The one that people are shown: the production site, or the deployment's own for a preview, whose branch
        moves on while the commit stays."""
        return self.own if len(self.moving) == 1 else self.moving[-1]


def labels_of(project: Project, deployment: Deployment) -> Labels:
    """Return where `deployment` is published once it is ready."""
    moving = [branch_label(project.name, deployment.commit.branch)]
    if deployment.environment is Environment.PRODUCTION:
        moving.append(production_label(project.name))
    return Labels(deployment_label(project.name, deployment.id), tuple(moving))
