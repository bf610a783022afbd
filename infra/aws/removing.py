"""Removing projects, for the step that does it and the sweeper that does it again; and deployments that expire."""

from datetime import timedelta

from battleshiper.infra.aws.builds import Builds
from battleshiper.infra.aws.foundation import Foundation
from battleshiper.infra.aws.gates import open_gate
from battleshiper.infra.aws.logs import open_logs
from battleshiper.infra.aws.sites import REMOVING, Sites, open_functions
from battleshiper.infra.aws.variables import Variable
from battleshiper.platform.model.expiry import Keeping
from battleshiper.platform.pipeline.expiry import Expiry
from battleshiper.platform.pipeline.removal import Removal

_TURNS = 360
"""Each project is looked at four times a day."""


def open_removal(foundation: Foundation, builds: Builds, sites: Sites) -> Removal:
    """Return what removes projects."""
    return Removal(
        foundation.store,
        open_gate(foundation),
        builds.builder,
        sites.routing,
        open_functions(foundation, REMOVING),
        sites.objects,
        open_logs(foundation, builds.streams),
        foundation.clock,
    )


def open_expiry(foundation: Foundation, builds: Builds, sites: Sites) -> Expiry:
    """Return what lets old deployments expire."""
    told = foundation.surroundings
    return Expiry(
        foundation.store,
        sites.routing,
        open_functions(foundation, REMOVING),
        sites.objects,
        open_logs(foundation, builds.streams),
        Keeping(timedelta(days=told.number(Variable.PREVIEW_DAYS)), told.number(Variable.PRODUCTION_DEPLOYMENTS)),
        foundation.clock,
        turns=_TURNS,
    )
