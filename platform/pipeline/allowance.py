"""The allowance: what an account's subscription lets it use, and what it has used."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from battleshiper.platform.model.deployment import Deployment
from battleshiper.platform.model.manifest import Manifest, ManifestFile
from battleshiper.platform.model.project import Project
from battleshiper.platform.model.subscription import DAILY, Limit, Subscription, day_of, explain_refusal, next_day
from battleshiper.platform.store.port import Store

_PRERENDERED, _CLIENT = "prerendered/", "client/"


class LimitReachedError(Exception):
    """The subscription does not allow it; the message says which limit, how much is used, and when it ends."""


@dataclass(frozen=True, slots=True)
class Use:
    """How much of one limit an account has used."""

    limit: Limit
    used: int | None
    """None for what each deployment has for itself."""
    most: int | None
    """None where it is not limited."""


class Allowance:
    """Counts for the account whose installation a project belongs to. A refusal counts nothing."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    def count_build(self, project: Project, deployment: Deployment) -> None:
        """Count a build, once however often it is asked for. Raises LimitReachedError where one more may not be built,
        or what is built could not be deployed today."""
        subscription = self._store.subscription_of(project.account_id)
        day = day_of(self._clock())
        deployed = self._store.usage(project.account_id, day).get(Limit.DAILY_DEPLOYMENTS, 0)
        most = subscription.most(Limit.DAILY_DEPLOYMENTS)
        if most is not None and deployed >= most:
            raise _reached(Limit.DAILY_DEPLOYMENTS, deployed, most, project)
        self._count(subscription, Limit.DAILY_BUILDS, project, deployment)

    def count_deployment(self, project: Project, deployment: Deployment) -> None:
        """Count a deployment, once; raises LimitReachedError."""
        self._count(self._store.subscription_of(project.account_id), Limit.DAILY_DEPLOYMENTS, project, deployment)

    def check_output(self, project: Project, manifest: Manifest) -> None:
        """Raise LimitReachedError for an output that is larger than the subscription allows."""
        subscription = self._store.subscription_of(project.account_id)
        for limit, used in _measures(manifest):
            most = subscription.most(limit)
            if most is not None and used > most:
                raise _reached(limit, used, most, project)

    def check_projects(self, account_id: int, account: str) -> None:
        """Raise LimitReachedError where an account may have no more projects."""
        most = self._store.subscription_of(account_id).most(Limit.PROJECTS)
        used = self._projects(account_id)
        if most is not None and used >= most:
            raise LimitReachedError(explain_refusal(Limit.PROJECTS, used, most, account))

    def uses(self, account_id: int) -> tuple[Subscription, list[Use], datetime]:
        """Return an account's subscription, how much it has used of each limit, and when counting begins anew."""
        now = self._clock()
        subscription = self._store.subscription_of(account_id)
        usage = self._store.usage(account_id, day_of(now))
        counted = {limit: usage.get(limit, 0) for limit in DAILY} | {
            Limit.PROJECTS: self._projects(account_id),
            Limit.ALIASES: self._store.held_aliases(account_id),
        }
        uses = [Use(limit, counted.get(limit), subscription.most(limit)) for limit in Limit]
        return subscription, uses, next_day(now)

    def _count(self, subscription: Subscription, limit: Limit, project: Project, deployment: Deployment) -> None:
        most = subscription.most(limit)
        count = self._store.count(project.account_id, limit, day_of(self._clock()), deployment.id, most)
        if not count.is_counted and most is not None:
            raise _reached(limit, count.used, most, project)

    def _projects(self, account_id: int) -> int:
        return sum(project.account_id == account_id for project in self._store.projects())


def _measures(manifest: Manifest) -> Iterable[tuple[Limit, int]]:
    prerendered = [file for file in manifest.static if file.path.startswith(_PRERENDERED)]
    client = [file for file in manifest.static if file.path.startswith(_CLIENT)]
    yield Limit.PRERENDERED_ROUTES, len(prerendered)
    yield Limit.PRERENDERED_BYTES, _bytes(prerendered)
    yield Limit.CLIENT_BYTES, _bytes(client)
    yield Limit.SERVER_BYTES, manifest.function.bytes if manifest.function else 0


def _bytes(files: Iterable[ManifestFile]) -> int:
    return sum(file.bytes for file in files)


def _reached(limit: Limit, used: int, most: int, project: Project) -> LimitReachedError:
    return LimitReachedError(explain_refusal(limit, used, most, project.owner))
