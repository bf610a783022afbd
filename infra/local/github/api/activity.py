"""What was done to a repository's branches, the latest first."""

from datetime import timedelta

from battleshiper.infra.local.github.api.call import Answer, Call, Endpoint
from battleshiper.infra.local.github.api.errors import ApiError
from battleshiper.infra.local.github.moment import Clock, write_moment
from battleshiper.infra.local.github.records.activities import KINDS, NEWEST, Activities, Activity, Wanted
from battleshiper.infra.local.github.settings import GitHubSettings
from battleshiper.infra.local.github.shapes.accounts import account_shape
from battleshiper.infra.local.github.shapes.shape import Shape, node_id

_DAYS = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}


class ActivityApi:
    """Serves it."""

    def __init__(self, settings: GitHubSettings, activities: Activities, clock: Clock) -> None:
        self._settings = settings
        self._activities = activities
        self._clock = clock

    def endpoints(self) -> list[Endpoint]:
        """Return what is served."""
        return [Endpoint("GET", "/repos/{repo}/activity", self._list, "contents")]

    def _list(self, call: Call) -> Answer:
        found = self._activities.of(call.repository.id, self._read(call), call.per_page + 1)
        shown = found[: call.per_page]
        links = {"next": {"after": str(shown[-1].id)}} if len(found) > len(shown) else {}
        return Answer([self._shape(activity) for activity in shown], links=links)

    def _read(self, call: Call) -> Wanted:
        ref, kind, period = (call.query.get(name, "") for name in ("ref", "activity_type", "time_period"))
        if kind and kind not in KINDS:
            raise ApiError(422, f"activity_type must be one of {', '.join(KINDS)}")
        if period and period not in _DAYS:
            raise ApiError(422, f"time_period must be one of {', '.join(_DAYS)}")
        after = call.query.get("after", "")
        if after and not (after.isascii() and after.isdigit() and len(after) < 19):
            raise ApiError(422, "after must be a cursor")
        return Wanted(
            f"refs/heads/{ref.removeprefix('refs/heads/')}" if ref else "",
            kind,
            call.query.get("actor", ""),
            write_moment(self._clock() - timedelta(days=_DAYS[period])) if period else "",
            int(after) if after else NEWEST,
        )

    def _shape(self, activity: Activity) -> Shape:
        return {
            "id": activity.id,
            "node_id": node_id("PUS", activity.id),
            "before": activity.before,
            "after": activity.after,
            "ref": activity.ref,
            "timestamp": activity.created_at,
            "activity_type": activity.kind,
            "actor": account_shape(self._settings, activity.actor),
        }
