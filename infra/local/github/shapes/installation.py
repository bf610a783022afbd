"""The App and its one installation."""

from battleshiper.infra.local.github.records.accounts import owner_of
from battleshiper.infra.local.github.records.registration import Installation
from battleshiper.infra.local.github.settings import GitHubSettings
from battleshiper.infra.local.github.shapes.accounts import account_shape
from battleshiper.infra.local.github.shapes.shape import Shape, node_id


def app_shape(settings: GitHubSettings, registered_at: str, *, installations: int = 1) -> Shape:
    """Return the App."""
    return {
        "id": settings.app_id,
        "slug": settings.app_slug,
        "client_id": settings.client_id,
        "node_id": node_id("Integration", settings.app_id),
        "owner": account_shape(settings, owner_of(settings)),
        "name": settings.app_name,
        "description": None,
        "external_url": settings.webhook_url,
        "html_url": f"{settings.base_url}/apps/{settings.app_slug}",
        "created_at": registered_at,
        "updated_at": registered_at,
        "permissions": dict(settings.permissions),
        "events": list(settings.events),
        "installations_count": installations,
    }


def installation_shape(settings: GitHubSettings, installation: Installation) -> Shape:
    """Return the installation on the owner's account."""
    url = f"{settings.api_url}/app/installations/{settings.installation_id}"
    return {
        "id": settings.installation_id,
        "node_id": node_id("IntegrationInstallation", settings.installation_id),
        "account": account_shape(settings, owner_of(settings)),
        "repository_selection": "selected" if installation.selected else "all",
        "access_tokens_url": f"{url}/access_tokens",
        "repositories_url": f"{settings.api_url}/installation/repositories",
        "html_url": f"{settings.base_url}/settings/installations/{settings.installation_id}",
        "app_id": settings.app_id,
        "client_id": settings.client_id,
        "app_slug": settings.app_slug,
        "target_id": settings.owner_id,
        "target_type": settings.owner_type,
        "permissions": dict(settings.permissions),
        "events": list(settings.events),
        "created_at": installation.installed_at,
        "updated_at": installation.suspended_at or installation.installed_at,
        "single_file_name": None,
        "has_multiple_single_files": False,
        "single_file_paths": [],
        "suspended_by": account_shape(settings, owner_of(settings)) if installation.suspended_at else None,
        "suspended_at": installation.suspended_at,
    }


def installation_reference(settings: GitHubSettings) -> Shape:
    """Return what every event says about the installation it is sent for."""
    return {
        "id": settings.installation_id,
        "node_id": node_id("IntegrationInstallation", settings.installation_id),
    }
