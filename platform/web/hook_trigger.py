"""Where build hooks are called: whoever knows the address lets a branch be deployed, and nothing else."""

import math

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from battleshiper.platform.pipeline.hooks import BuildHooks
from battleshiper.platform.pipeline.operations import OperationRefusedError
from battleshiper.platform.source.port import SourceError
from battleshiper.platform.store.port import MissingError
from battleshiper.platform.web.presentation import present_deployment
from battleshiper.platform.web.problem import problem
from battleshiper.platform.web.rate import Rate

HOOKS_PATH = "/hooks"
_UNKNOWN = "There is no build hook at this address, or none any longer."


class HookTrigger:
    """The endpoint. No account and no form is behind a call, so its answers show one deployment and no more."""

    def __init__(self, hooks: BuildHooks, rate: Rate) -> None:
        self._hooks = hooks
        self._rate = rate

    def routes(self) -> list[Route]:
        """Return the routes to mount."""
        return [Route(HOOKS_PATH + "/{key}", self.use, methods=["POST"])]

    def use(self, request: Request) -> Response:
        """Deploy the branch's head: 202 with the deployment; 404 for an unknown address, 409 when nothing can be built,
        429 when it is called too often, 503 while GitHub does not answer."""
        hook = self._hooks.recognise(request.path_params["key"])
        if hook is None:
            return problem(404, _UNKNOWN)
        if seconds := self._rate.take(hook.id):
            after = math.ceil(seconds)
            return problem(429, f"The hook was called too often: wait {after} s.", {"retry-after": str(after)})
        try:
            project, deployment = self._hooks.use(hook)
        except MissingError:
            return problem(404, _UNKNOWN)
        except OperationRefusedError as error:
            return problem(409, str(error))
        except SourceError as error:
            return problem(503, str(error), {"retry-after": "30"}) if error.temporary else problem(409, str(error))
        return JSONResponse(present_deployment(deployment, project), 202)
