"""What is live where a deployment would be published."""

from battleshiper.platform.model.deployment import Deployment
from battleshiper.platform.model.hostname import production_label
from battleshiper.platform.model.project import Project
from battleshiper.platform.pipeline.places import labels_of
from battleshiper.platform.store.port import MissingError, Store


def live_sha(store: Store, project: Project, deployment: Deployment) -> str | None:
    """Return the commit that visitors see where `deployment` would be shown, None where there is none or it may be
    another in a moment.

    A branch that has no site of its own yet is compared with production: what is the same there is seen there.
    """
    branch = store.deployments(project.id, branch=deployment.commit.branch)
    if any(other.number < deployment.number and not other.state.is_final for other in branch):
        return None
    labels = dict.fromkeys([*reversed(labels_of(project, deployment).moving), production_label(project.name)])
    shown = {alias.label: alias.deployment_id for alias in store.aliases(project.id)}
    for label in labels:
        if label in shown:
            try:
                return store.deployment(shown[label]).commit.sha
            except MissingError:  # removed a moment ago
                continue
    return None
