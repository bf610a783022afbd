"""Opens the GitHub stand-in beside the platform, as an App that is installed on all its repositories."""

import json
from hashlib import sha256
from secrets import token_hex

from battleshiper.infra.local.github.credentials import generate_app_credentials
from battleshiper.infra.local.github.settings import GitHubSettings
from battleshiper.infra.local.serving import Listener
from battleshiper.infra.local.settings import GitHubApp, Settings
from battleshiper.platform.identity.port import CALLBACK_PATH
from battleshiper.platform.secrets.port import Secrets

OWNER = "me"
_APP_ID = 1
_SECRET = "standin-app"  # noqa: S105 - the name under which the App's credentials are kept, not a secret
_CLIENT_SECRET = "standin-client"  # noqa: S105 - likewise
_SECRET_BYTES = 20


class Standin:
    """The stand-in on its port. It plays the other side: the platform speaks to it over HTTP alone."""

    def __init__(self, settings: Settings, secrets: Secrets) -> None:
        """Take the stand-in's port; raises PortTakenError. `settings` must name the platform's port."""
        credentials = json.loads(secrets.get_or_create(_SECRET, _new_credentials))
        client_secret = secrets.get_or_create(_CLIENT_SECRET, lambda: token_hex(_SECRET_BYTES))
        self._listener = Listener("127.0.0.1", settings.github_port)
        self.url = f"http://localhost:{self._listener.port}"
        self._settings = GitHubSettings(
            data_dir=settings.data_dir / "github",
            base_url=self.url,
            app_id=_APP_ID,
            app_public_key=credentials["public_key"],
            webhook_secret=credentials["webhook_secret"],
            webhook_url=f"{settings.own_url}/webhooks/github",
            client_secret_digest=sha256(client_secret.encode()).hexdigest(),
            callback_urls=(settings.base_url + CALLBACK_PATH,),
            owner_login=OWNER,
        )
        self.github = GitHubApp(
            app_id=_APP_ID,
            private_key=credentials["private_key"],
            webhook_secret=credentials["webhook_secret"],
            client_id=self._settings.client_id,
            client_secret=client_secret,
            url=self.url,
            api_url=self._settings.api_url,
        )

    def serve(self) -> None:
        """Begin to answer, and tell the platform of the installation if it has not heard of it."""
        # Only a platform without a GitHub App waits for the stand-in to be imported.
        from battleshiper.infra.local.github.app import create_app

        self._listener.serve(create_app(self._settings))

    def close(self) -> None:
        """Stop answering."""
        self._listener.close()


def _new_credentials() -> str:
    made = generate_app_credentials()
    return json.dumps(
        {"private_key": made.private_key, "public_key": made.public_key, "webhook_secret": made.webhook_secret}
    )
