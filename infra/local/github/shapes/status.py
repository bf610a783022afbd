"""Commit statuses."""

from collections.abc import Sequence

from battleshiper.infra.local.github.records.repositories import Repository
from battleshiper.infra.local.github.records.statuses import Status, combine
from battleshiper.infra.local.github.settings import GitHubSettings
from battleshiper.infra.local.github.shapes.accounts import account_shape
from battleshiper.infra.local.github.shapes.repository import api_url, repository_shape
from battleshiper.infra.local.github.shapes.shape import Shape, node_id


def status_shape(settings: GitHubSettings, repository: Repository, status: Status) -> Shape:
    """Return one status."""
    creator = account_shape(settings, status.creator)
    return {
        "url": f"{api_url(settings, repository)}/statuses/{status.sha}",
        "avatar_url": creator["avatar_url"],
        "id": status.id,
        "node_id": node_id("StatusContext", status.id),
        "state": status.state,
        "description": status.description,
        "target_url": status.target_url,
        "context": status.context,
        "created_at": status.created_at,
        "updated_at": status.created_at,
        "creator": creator,
    }


def combined_shape(
    settings: GitHubSettings, repository: Repository, sha: str, latest: Sequence[Status], shown: Sequence[Status]
) -> Shape:
    """Return the newest status of every context as one; `shown` is the page of them that was asked for."""
    url = api_url(settings, repository)
    statuses = [status_shape(settings, repository, status) for status in shown]
    for shape in statuses:
        del shape["creator"]
    return {
        "state": combine(status.state for status in latest),
        "statuses": statuses,
        "sha": sha,
        "total_count": len(latest),
        "repository": repository_shape(settings, repository),
        "commit_url": f"{url}/commits/{sha}",
        "url": f"{url}/commits/{sha}/status",
    }
