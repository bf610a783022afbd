"""The App's beginning, and its webhook's configuration."""

from battleshiper.infra.local.github.admission import Admission
from battleshiper.infra.local.github.api.call import Answer, Call, Endpoint
from battleshiper.infra.local.github.api.errors import NotFoundError
from battleshiper.infra.local.github.settings import GitHubSettings
from battleshiper.infra.local.github.shapes.installation import app_shape


class AppsApi:
    """Serves the exchange of a manifest's code, and what an App asks about its webhook."""

    def __init__(self, settings: GitHubSettings, admission: Admission) -> None:
        self._settings = settings
        self._admission = admission

    def endpoints(self) -> list[Endpoint]:
        """Return what is served."""
        return [
            Endpoint("POST", "/app-manifests/{code}/conversions", self._convert, public=True),
            Endpoint("GET", "/app/hook/config", self._show_hook, app=True),
        ]

    def _convert(self, call: Call) -> Answer:
        made = self._admission.convert(call.text("code"))
        if made is None:
            raise NotFoundError
        app, secrets = made
        shape = app_shape(self._settings, app.created_at, installations=0)
        shape |= {
            "external_url": app.manifest.url,
            "client_secret": secrets.client_secret,
            "webhook_secret": app.webhook_secret,
            "pem": secrets.private_key,
        }
        return Answer(shape, 201)

    def _show_hook(self, _call: Call) -> Answer:
        url = self._settings.webhook_url
        return Answer({"content_type": "json", "insecure_ssl": "0", "secret": "********", "url": url})
