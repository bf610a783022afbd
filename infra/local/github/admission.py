"""Admission: how an App that was made from a manifest becomes the App."""

from dataclasses import dataclass

from battleshiper.infra.local.github.credentials import generate_app_credentials
from battleshiper.infra.local.github.events.announcements import Announcements
from battleshiper.infra.local.github.records.apps import RegisteredApp
from battleshiper.infra.local.github.records.archive import Archive
from battleshiper.infra.local.github.settings import GitHubSettings


@dataclass(frozen=True, slots=True)
class Secrets:
    """What an App is told of itself once."""

    client_secret: str
    private_key: str


class Admission:
    """Changes whom the stand-in plays for: there is one App, and the newest takes the place of the one before."""

    def __init__(self, settings: GitHubSettings, archive: Archive, announcements: Announcements) -> None:
        self._settings = settings
        self._archive = archive
        self._announcements = announcements

    def convert(self, code: str) -> tuple[RegisteredApp, Secrets] | None:
        """Exchange a code for the App and its secrets; None for one that is no good. What the App before was given
        ends: its installation, its tokens, its deliveries."""
        made = generate_app_credentials()
        with self._archive.database.transaction():
            app = self._archive.apps.convert(code, made)
            if app is None:
                return None
            adopt(self._settings, app)
            self._archive.registration.forget()
            self._archive.tokens.revoke_all()
            self._archive.user_tokens.revoke_all()
            self._archive.codes.clear()
            self._archive.devices.clear()
            self._archive.deliveries.clear()
            self._announcements.registered(app.created_at)
        return app, Secrets(made.client_secret, made.private_key)


def adopt(settings: GitHubSettings, app: RegisteredApp) -> None:
    """Play for this App from now on."""
    settings.app_id = app.id
    settings.app_slug = app.slug
    settings.app_name = app.manifest.name
    settings.app_public_key = app.public_key
    settings.client_id = app.client_id
    settings.client_secret_digest = app.client_secret_digest
    settings.callback_urls = app.manifest.callback_urls
    settings.webhook_secret = app.webhook_secret
    settings.webhook_url = app.manifest.webhook_url
    settings.permissions = app.manifest.permissions
    settings.events = app.manifest.events
