"""Where a build runner spends its claim."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from battleshiper.platform.model.instructions import ATTEMPT_HEADER, CLAIM_PATH
from battleshiper.platform.pipeline.claims import ClaimRefusedError, Claims
from battleshiper.platform.secrets.port import SecretsError
from battleshiper.platform.source.port import SourceError

_LONGEST_NUMBER = 6


class ClaimRoute:
    """The endpoint that every build runner needs."""

    def __init__(self, claims: Claims) -> None:
        self._claims = claims

    def routes(self) -> list[Route]:
        """Return the routes to mount."""
        return [Route(CLAIM_PATH, self.spend_claim, methods=["POST"])]

    def spend_claim(self, request: Request) -> Response:
        """Answer a claim with its instructions; 403 when it is not good, 503 when GitHub gives no token
        or a key cannot be read."""
        scheme, _, claim = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not claim:
            return _refusal(401, "Send the claim as a bearer token.")
        try:
            instructions = self._claims.spend(claim.strip(), _attempt(request))
        except ClaimRefusedError as error:
            return _refusal(403, str(error))
        except (SourceError, SecretsError) as error:
            return _refusal(503, str(error))
        return Response(instructions.model_dump_json(), media_type="application/json")


def _attempt(request: Request) -> int:
    told = request.headers.get(ATTEMPT_HEADER, "1")
    return int(told) if told.isascii() and told.isdecimal() and len(told) < _LONGEST_NUMBER else 0  # which none may be


def _refusal(status: int, why: str) -> Response:
    return JSONResponse({"error": why}, status)
