"""What the account that a project belongs to has used of its limits, before they are reached."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from battleshiper.platform.accounts.viewer import Viewer
from battleshiper.platform.model.subscription import Limit
from battleshiper.platform.pipeline.allowance import Allowance
from battleshiper.platform.web.pages.view import View

TITLES: Mapping[Limit, str] = {
    Limit.DAILY_BUILDS: "Builds today",
    Limit.DAILY_DEPLOYMENTS: "Deployments today",
    Limit.PROJECTS: "Projects",
    Limit.ALIASES: "Aliases",
    Limit.PRERENDERED_ROUTES: "Prerendered pages of a deployment",
    Limit.CLIENT_BYTES: "Client files of a deployment",
    Limit.SERVER_BYTES: "Server function of a deployment",
    Limit.PRERENDERED_BYTES: "Prerendered pages of a deployment, in size",
}
"""What limits are called on pages."""
_SIZES = frozenset({Limit.CLIENT_BYTES, Limit.SERVER_BYTES, Limit.PRERENDERED_BYTES})


class UsagePage:
    """Shows it to everybody who sees the project."""

    def __init__(self, allowance: Allowance, view: View) -> None:
        self._allowance = allowance
        self._view = view

    def show(self, request: Request, viewer: Viewer) -> Response:
        """Each limit with what was used of it, and when counting begins anew."""
        project = viewer.project(request.path_params["name"])
        subscription, uses, resets_at = self._allowance.uses(project.account_id)
        return self._view.render(
            "usage.html",
            request,
            viewer,
            project=project,
            account=project.owner,
            subscription=subscription,
            uses=[(TITLES[use.limit], use, use.limit in _SIZES) for use in uses],
            resets_at=resets_at,
            may_write=viewer.may_write(project),
            section="usage",
        )
