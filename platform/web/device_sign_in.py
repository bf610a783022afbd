"""Where `battleshiper login` signs somebody in: the platform asks GitHub, so that no token of GitHub's leaves it, and
gives a token of its own."""

from collections.abc import Callable
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from battleshiper.platform.accounts.entrance import Entrance
from battleshiper.platform.accounts.tokens import TokenDesk
from battleshiper.platform.identity.port import IdentityError, IdentityMisconfiguredError, IdentityRefusedError
from battleshiper.platform.model.access_token import AccessTokenRefusedError, Scope
from battleshiper.platform.sealing.seal import Seal
from battleshiper.platform.secrets.port import SecretsError
from battleshiper.platform.web.parameters import read_body
from battleshiper.platform.web.problem import problem
from battleshiper.platform.web.rate import Rate

_PATH = "/api/v1/sign-in"
_LIFETIME = timedelta(days=90)
_CONTEXT = "a sign-in of a program"
_LONGEST_ATTEMPT = 4096
_LONGEST_NAME = 60
_STATUS = {IdentityRefusedError: 403, IdentityMisconfiguredError: 501}


class DeviceSignIn:
    """The two endpoints that need no token."""

    def __init__(self, entrance: Entrance, tokens: TokenDesk, seal: Seal, rate: Rate) -> None:
        """`rate` is of all who ask together: GitHub counts for the App."""
        self._entrance = entrance
        self._tokens = tokens
        self._seal = seal
        self._rate = rate

    def routes(self) -> list[Route]:
        """Return the routes to mount."""
        return [
            Route(_PATH, self._explained(self.begin), methods=["POST"]),
            Route(f"{_PATH}/finish", self._explained(self.finish), methods=["POST"]),
        ]

    def begin(self, _: Request) -> Response:
        """The code to enter at GitHub, and what to ask `finish` with."""
        device = self._entrance.begin_device()
        return JSONResponse(
            {
                "user_code": device.user_code,
                "verification_url": device.verification_url,
                "interval": device.interval,
                "lifetime": device.lifetime,
                "attempt": self._seal.seal(device.code, _CONTEXT),
            },
            201,
        )

    def finish(self, request: Request) -> Response:
        """A token once somebody has entered the code, 202 until then. The body is the attempt, `name` says what the
        token is for."""
        attempt = read_body(request, _LONGEST_ATTEMPT, "Send the attempt as the body.").decode("utf-8", "replace")
        account = self._entrance.finish_device(self._seal.open(attempt, _CONTEXT))
        if account is None:
            return JSONResponse({"token": None}, 202)
        name = request.query_params.get("name", "")[:_LONGEST_NAME] or "a program"
        token, text = self._tokens.issue(account.id, f"battleshiper login: {name}", list(Scope), _LIFETIME)
        return JSONResponse({"token": text, "login": account.login, "expires_at": token.expires_at.isoformat()}, 201)

    def _explained(self, endpoint: Callable[[Request], Response]) -> Callable[[Request], Response]:
        def explained(request: Request) -> Response:
            if self._rate.take("everybody"):
                return problem(429, "Many sign in at this moment: wait a minute.", {"retry-after": "60"})
            try:
                return endpoint(request)
            except IdentityError as error:
                return problem(_STATUS.get(type(error), 503), str(error))
            except AccessTokenRefusedError as error:
                return problem(409, str(error))
            except ValueError as error:
                return problem(400, str(error))
            except SecretsError:
                return problem(400, "This attempt is not one of this platform. Begin again: battleshiper login")

        return explained
