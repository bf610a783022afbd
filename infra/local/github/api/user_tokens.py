"""What the App does with tokens of users, by its client id and secret."""

from battleshiper.infra.local.github.api.call import Answer, Call, Endpoint
from battleshiper.infra.local.github.api.errors import InvalidError, NotFoundError
from battleshiper.infra.local.github.api.fields import Fields
from battleshiper.infra.local.github.events.revoking import Revoking
from battleshiper.infra.local.github.records.user_tokens import UserToken, UserTokens
from battleshiper.infra.local.github.settings import GitHubSettings
from battleshiper.infra.local.github.shapes.authorization import authorization_shape


class UserTokensApi:
    """Serves looking at a token, renewing it and ending it, alone or with all that its user gave."""

    def __init__(self, settings: GitHubSettings, tokens: UserTokens, revoking: Revoking) -> None:
        self._settings = settings
        self._tokens = tokens
        self._revoking = revoking

    def endpoints(self) -> list[Endpoint]:
        """Return what is served."""
        one = "/applications/{client_id}"
        return [
            Endpoint("POST", f"{one}/token", self._check, client=True),
            Endpoint("PATCH", f"{one}/token", self._reset, client=True),
            Endpoint("DELETE", f"{one}/token", self._end, client=True),
            Endpoint("DELETE", f"{one}/grant", self._revoke, client=True),
        ]

    def _check(self, call: Call) -> Answer:
        token, known = self._read(call)
        if known is None:
            raise NotFoundError
        return Answer(authorization_shape(self._settings, known, token))

    def _reset(self, call: Call) -> Answer:
        pair = self._tokens.replace(self._find(call))
        known = self._tokens.find(pair.token) if pair else None
        if pair is None or known is None:
            raise NotFoundError
        return Answer(authorization_shape(self._settings, known, pair.token))

    def _end(self, call: Call) -> Answer:
        self._tokens.revoke(self._find(call))
        return Answer(status=204)

    def _revoke(self, call: Call) -> Answer:
        self._revoking.revoke(self._find(call).account)
        return Answer(status=204)

    def _find(self, call: Call) -> UserToken:
        _, known = self._read(call)
        if known is None:
            raise InvalidError("OauthAccess", "access_token", "invalid")
        return known

    def _read(self, call: Call) -> tuple[str, UserToken | None]:
        if call.text("client_id") != self._settings.client_id:
            raise NotFoundError
        token = Fields("OauthAccess", call.body).text("access_token")
        return token, self._tokens.find(token)
