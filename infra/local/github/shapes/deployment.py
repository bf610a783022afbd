"""Deployments and their statuses."""

from battleshiper.infra.local.github.records.deployments import Deployment, DeploymentStatus
from battleshiper.infra.local.github.records.repositories import Repository
from battleshiper.infra.local.github.settings import GitHubSettings
from battleshiper.infra.local.github.shapes.accounts import account_shape
from battleshiper.infra.local.github.shapes.repository import api_url
from battleshiper.infra.local.github.shapes.shape import Shape, node_id


def deployment_shape(settings: GitHubSettings, repository: Repository, deployment: Deployment) -> Shape:
    """Return one deployment."""
    url, new = api_url(settings, repository), deployment.new
    return {
        "url": f"{url}/deployments/{deployment.id}",
        "id": deployment.id,
        "node_id": node_id("Deployment", deployment.id),
        "sha": new.sha,
        "ref": new.ref,
        "task": new.task,
        "payload": new.payload,
        "original_environment": new.environment,
        "environment": new.environment,
        "description": new.description,
        "creator": account_shape(settings, deployment.creator),
        "created_at": deployment.created_at,
        "updated_at": deployment.updated_at,
        "statuses_url": f"{url}/deployments/{deployment.id}/statuses",
        "repository_url": url,
        "transient_environment": new.transient,
        "production_environment": new.production,
    }


def deployment_status_shape(settings: GitHubSettings, repository: Repository, status: DeploymentStatus) -> Shape:
    """Return one status of a deployment. `target_url` is what `log_url` was called once."""
    url, new = f"{api_url(settings, repository)}/deployments/{status.deployment_id}", status.new
    return {
        "url": f"{url}/statuses/{status.id}",
        "id": status.id,
        "node_id": node_id("DeploymentStatus", status.id),
        "state": new.state,
        "creator": account_shape(settings, status.creator),
        "description": new.description,
        "environment": new.environment,
        "target_url": new.log_url,
        "created_at": status.created_at,
        "updated_at": status.created_at,
        "deployment_url": url,
        "repository_url": api_url(settings, repository),
        "environment_url": new.environment_url,
        "log_url": new.log_url,
    }
