"""What somebody gave the App to act with."""

from battleshiper.infra.local.github.moment import write_moment
from battleshiper.infra.local.github.records.user_tokens import UserToken
from battleshiper.infra.local.github.settings import GitHubSettings
from battleshiper.infra.local.github.shapes.accounts import account_shape
from battleshiper.infra.local.github.shapes.shape import Shape


def authorization_shape(settings: GitHubSettings, known: UserToken, token: str) -> Shape:
    """Return what is known of `token` to the App that holds it."""
    return {
        "id": known.id,
        "url": f"{settings.api_url}/authorizations/{known.id}",
        "app": {
            "client_id": settings.client_id,
            "name": settings.app_name,
            "url": f"{settings.base_url}/apps/{settings.app_slug}",
        },
        "token": token,
        "hashed_token": known.digest,
        "token_last_eight": known.last_eight,
        "note": None,
        "note_url": None,
        "created_at": known.created_at,
        "updated_at": known.updated_at,
        "expires_at": write_moment(known.expires_at),
        "scopes": [],
        "fingerprint": None,
        "user": account_shape(settings, known.account),
    }
