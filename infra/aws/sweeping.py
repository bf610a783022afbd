"""The sweep: ends what was lost, and keeps the platform well."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from battleshiper.bot.github import GitHubError
from battleshiper.bot.redelivery import Redelivery
from battleshiper.infra.aws.builds import Builds
from battleshiper.infra.aws.chores import Chores
from battleshiper.infra.aws.foundation import Foundation
from battleshiper.infra.aws.github import connect, open_source
from battleshiper.infra.aws.keys import announce_ring, open_keys
from battleshiper.infra.aws.logs import open_logs
from battleshiper.infra.aws.metrics import Metric, tell_metric
from battleshiper.infra.aws.removing import open_expiry, open_removal
from battleshiper.infra.aws.sites import Sites
from battleshiper.infra.aws.variables import Variable
from battleshiper.infra.chore import Chore
from battleshiper.platform.model.deployment import State
from battleshiper.platform.pipeline.aliasing import Aliasing
from battleshiper.platform.pipeline.lookout import Lookout
from battleshiper.platform.pipeline.retention import Forgetting
from battleshiper.platform.pipeline.revival import Revival
from battleshiper.platform.pipeline.sweeping import Sweeper
from battleshiper.platform.store.port import Deployments
from battleshiper.webhooks.missed_push import MissedPushes

_LEFT_BEHIND = timedelta(seconds=30)
"""Who has written an event publishes it within this time, or died."""
_REDELIVERY_MINUTES = 10
_FORGETTING_MINUTES = 60
_LOOKOUT_MINUTES = 360
_log = logging.getLogger(__name__)


class Sweep:
    """Lambda's handler: one round of chores, none of which holds up another, and the metric that tells of stuck
    deployments. Raises ChoresFailedError at the end when some failed, so that the function's alarm rings."""

    def __init__(self, foundation: Foundation) -> None:
        self._foundation = foundation
        builds, sites = Builds(foundation), Sites(foundation)
        store, clock, letters = foundation.store, foundation.clock, foundation.dead_letters
        sweeper = Sweeper(store, builds.builder, sites.objects, letters.dead_letters, clock)
        kept = timedelta(days=foundation.surroundings.number(Variable.RETENTION_DAYS))
        forgetting = Forgetting(store, letters, open_logs(foundation, builds.streams), kept, clock)
        removal = open_removal(foundation, builds, sites)
        aliasing = Aliasing(store, sites.routing, clock)
        expiry = open_expiry(foundation, builds, sites)
        self._chores = Chores(
            (
                Chore("the change of the ticket keys", self._keep_keys),
                Chore("the publishing of events left behind", lambda: foundation.relay.publish_left(_LEFT_BEHIND)),
                Chore("the metric of the oldest deployment", self._measure),
                Chore("the sweep of jobs that wait in vain", builds.waiting.sweep),
                Chore("the sweep of lost deployments", sweeper.sweep),
                Chore("the removal of what deleted projects left", removal.clear),
                Chore("the release of hostnames", aliasing.clear, every=_FORGETTING_MINUTES),
                Chore("the expiry of old deployments", expiry.expire),
                Chore("the revival of news", Revival(store, letters, clock).revive, every=_FORGETTING_MINUTES),
                Chore("the search for lost pushes", self._look_out),
                Chore("the search for lost webhooks", self._redeliver, every=_REDELIVERY_MINUTES),
                Chore("the forgetting of what is old", forgetting.forget, every=_FORGETTING_MINUTES),
            ),
            clock,
        )

    def __call__(self, event: Mapping[str, Any], context: Any) -> None:  # noqa: ARG002 - Lambda gives both
        """Do a round."""
        if failed := self._chores.do():
            raise ChoresFailedError(failed)

    def _keep_keys(self) -> None:
        keys = open_keys(self._foundation)
        if not keys.rotate_old():
            # Gates of other functions know the very first keys, and what a rotation broke off at, by this alone.
            announce_ring(self._foundation, keys.ring.public())

    def _redeliver(self) -> None:
        try:
            Redelivery(connect(self._foundation), self._foundation.clock).redeliver()
        except GitHubError as error:
            _log.warning("GitHub was not asked for what it failed to deliver: %s", error)

    def _look_out(self) -> None:
        foundation = self._foundation
        if not foundation.store.projects():
            return  # and maybe no App yet
        source = open_source(foundation, connect(foundation))
        mint = open_keys(foundation).mint
        store, clock = foundation.store, foundation.clock
        hear = MissedPushes(store, mint, clock).hear
        Lookout(store, foundation.bus, source, mint, hear, clock, turns=_LOOKOUT_MINUTES).look()

    def _measure(self) -> None:
        now = self._foundation.clock()
        tell_metric(Metric.OLDEST_UNFINISHED, oldest_seconds(self._foundation.store, now), now)


class ChoresFailedError(Exception):
    """Some chores failed; the log says how."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        super().__init__(f"failed, and tried again in a minute: {', '.join(names)}")


def oldest_seconds(store: Deployments, now: datetime) -> float:
    """Return for how long the oldest unfinished deployment has not moved. Who waits for an approval may wait."""
    ages = (
        (now - deployment.updated_at).total_seconds()
        for deployment in store.unfinished()
        if deployment.state is not State.AWAITING_APPROVAL
    )
    return max(ages, default=0.0)
